// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** A certificate that vouches for itself, made by the JDK's keytool, with its key. */
public record TestCertificate(TlsSettings settings) {

    private static final String PASSWORD = "changeit";

    /** Valid now. */
    public static TestCertificate make(String algorithm) {
        return make(algorithm, "-1d", 30);
    }

    /**
     * One of any time.
     *
     * @param algorithm EC or RSA
     * @param begin when it begins to be valid, such as {@code -10d}
     * @param days for how long it is
     */
    public static TestCertificate make(String algorithm, String begin, int days) {
        try {
            Path store = Files.createTempDirectory("certificate").resolve("store.p12");
            Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            List<String> command = List.of(
                    keytool.toString(),
                    "-J-XX:TieredStopAtLevel=1", // it lives for a moment
                    "-genkeypair",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD,
                    "-alias",
                    "own",
                    "-keyalg",
                    algorithm,
                    algorithm.equals("EC") ? "-groupname" : "-keysize",
                    algorithm.equals("EC") ? "secp256r1" : "2048",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-startdate",
                    begin,
                    "-validity",
                    Integer.toString(days));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(output);
            }
            return new TestCertificate(read(store));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static TlsSettings read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Files.delete(file);
        Files.delete(file.getParent());
        return new TlsSettings(List.of((X509Certificate) store.getCertificate("own")), (PrivateKey)
                store.getKey("own", PASSWORD.toCharArray()));
    }

    /** The certificate as PEM. */
    public String certificate() {
        try {
            return pem("CERTIFICATE", settings.chain().getFirst().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The key as PEM. */
    public String key() {
        return pem("PRIVATE KEY", settings.key().getEncoded());
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }
}
