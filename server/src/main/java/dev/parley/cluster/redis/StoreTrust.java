// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/** The authorities that may sign the certificate of the store. */
final class StoreTrust {

    private StoreTrust() {}

    /** Returns options that trust these authorities alone; without any, those that the JVM trusts. */
    static SslOptions options(List<X509Certificate> authorities) {
        return authorities.isEmpty()
                ? SslOptions.create()
                : SslOptions.builder().trustManager(managers(authorities)).build();
    }

    private static TrustManagerFactory managers(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("authority " + store.size(), authority);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            return managers;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e); // every Java has them
        }
    }
}
