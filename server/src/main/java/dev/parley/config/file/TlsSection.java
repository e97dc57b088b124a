// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import dev.parley.config.TlsSettings;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** {@code tls}: the certificate for clients. */
final class TlsSection {

    static final SettingTable KEYS = new SettingTable();

    private static final SettingKey<NamedContent<List<X509Certificate>>> CERTIFICATE = KEYS.add(
            "tls.certificate",
            ValueKinds.CERTIFICATES,
            DefaultValue.NONE,
            "The certificate clients are shown, its chain behind it (PEM); with it `listen` speaks TLS only.");

    private static final SettingKey<NamedContent<PrivateKey>> KEY = KEYS.add(
            "tls.key",
            ValueKinds.PRIVATE_KEY,
            DefaultValue.NONE,
            "Its private key: RSA or EC, PKCS#8, not encrypted (PEM).");

    private TlsSection() {}

    static Optional<TlsSettings> read(SectionValues values) throws SettingException {
        Optional<NamedContent<List<X509Certificate>>> chain = values.find(CERTIFICATE);
        Optional<NamedContent<PrivateKey>> key = values.find(KEY);
        if (chain.isPresent() != key.isPresent()) {
            throw values.place(chain.isPresent() ? CERTIFICATE : KEY)
                    .refused("tls.certificate and tls.key are only allowed together");
        }
        if (chain.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        TlsSettings tls = new TlsSettings(chain.get().content(), key.get().content());
        if (!PemText.belongs(tls.key(), tls.chain().getFirst())) {
            throw values.place(KEY).refused("the key does not belong to the first certificate in tls.certificate");
        }
        return Optional.of(tls);
    }
}
