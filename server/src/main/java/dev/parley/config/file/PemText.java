// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as text (RFC 7468). Errors show none of it. */
final class PemText {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final List<String> KEYS = List.of("RSA", "EC");
    private static final byte[] SAMPLE = {'p', 'a', 'r', 'l', 'e', 'y'};

    private PemText() {}

    /** The certificates in the order of the file, at least one. */
    static List<X509Certificate> certificates(String text) throws SettingException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        try {
            while (block.find()) {
                if (block.group(1).equals(CERTIFICATE)) {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(bytes(block.group(2)))));
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SettingException("the file holds a certificate that cannot be read");
        }
        if (certificates.isEmpty()) {
            throw new SettingException("the file must hold certificates in PEM: -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(certificates);
    }

    /** Returns the first private key in the text. */
    static PrivateKey key(String text) throws SettingException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String label = block.group(1);
            if (label.equals(ENCRYPTED)) {
                throw new SettingException(
                        "the key is encrypted: store it without a password, as openssl pkey -in FILE does");
            }
            if (label.equals(PKCS8)) {
                return pkcs8(block.group(2));
            }
            if (label.endsWith(" " + PKCS8)) {
                throw new SettingException("the key is not PKCS#8, -----BEGIN PRIVATE KEY-----: convert it with openssl"
                        + " pkey -in FILE");
            }
        }
        throw new SettingException("the file must hold a private key in PEM: -----BEGIN PRIVATE KEY-----");
    }

    /** Whether what the key signs is what the certificate proves. */
    static boolean belongs(PrivateKey key, X509Certificate certificate) {
        PublicKey proof = certificate.getPublicKey();
        if (!key.getAlgorithm().equals(proof.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(proof);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA and EC", e);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        }
    }

    private static PrivateKey pkcs8(String base64) throws SettingException {
        for (String algorithm : KEYS) {
            Optional<PrivateKey> key = pkcs8(algorithm, base64);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new SettingException("the file holds a key that cannot be read: RSA and EC keys can");
    }

    private static Optional<PrivateKey> pkcs8(String algorithm, String base64) {
        try {
            return Optional.of(
                    KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes(base64))));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            return Optional.empty(); // of another kind, or none
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA and EC", e);
        }
    }

    private static byte[] bytes(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }
}
