// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the server proves over TLS who it is.
 *
 * @param chain the server's own certificate, then those that vouch for it
 * @param key the private key of the first, RSA or EC
 */
public record TlsSettings(List<X509Certificate> chain, PrivateKey key) {

    /** Keeps a copy. */
    public TlsSettings {
        chain = List.copyOf(chain);
    }

    /** What clients will hold against the certificate at this time, if anything. */
    public Optional<String> fault(Instant now) {
        X509Certificate own = chain.getFirst();
        Instant begin = own.getNotBefore().toInstant();
        Instant end = own.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            return Optional.of("the certificate EXPIRED at " + end + ": clients will refuse it");
        }
        return now.isBefore(begin)
                ? Optional.of("the certificate is NOT VALID YET, only from " + begin + ": clients will refuse it")
                : Optional.empty();
    }

    /** Leaves out the private key. */
    @Override
    public String toString() {
        return "TlsSettings[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
