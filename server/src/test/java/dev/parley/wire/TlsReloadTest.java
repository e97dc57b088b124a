// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The certificate is replaced while clients are connected. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bound is of seconds
class TlsReloadTest {

    private static final TestCertificate OLD = TestCertificate.make("EC");
    private static final TestCertificate NEW = TestCertificate.make("RSA");
    private static final int CLIENTS = 1000;
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        replace("cert.pem", OLD.certificate());
        replace("key.pem", OLD.key());
        file = Files.writeString(folder.resolve("parley.yaml"), """
                apps: [{id: demo, publishableKeys: [{id: pk, channels: ["**"], actions: [send]}]}]
                tls: {certificate: cert.pem, key: key.pem}
                keepalive: {ping: 10m, timeout: 10m} # 1,000 handshakes take longer than the default on a busy machine
                """);
    }

    @Test
    void aThousandClientsStayAndWhoComesSeesTheNewOneWithinTwoSeconds() throws IOException, InterruptedException {
        try (ServerProcess server = start()) {
            List<RawClient> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> RawClient.tcp(server.port()).secure().upgrade("/v1?key=pk"))
                    .toList();
            clients.forEach(client -> assertThat(client.read()).contains("welcome"));
            assertThat(shown(server)).isEqualTo(certificate(OLD));

            replace("cert.pem", NEW.certificate());
            replace("key.pem", NEW.key());
            long replaced = System.nanoTime();
            while (!shown(server).equals(certificate(NEW))) {
                assertThat(Duration.ofNanos(System.nanoTime() - replaced)).isLessThan(TAKEN_WITHIN);
            }

            List<CompletableFuture<String>> answers = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(() -> {
                        client.text("{\"type\":\"ping\"}");
                        return client.read();
                    }))
                    .toList();
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo("text {\"type\":\"pong\"}"));
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void aKeyThatDoesNotBelongToTheCertificateLeavesTheOldPairAndIsToldOnce() throws IOException {
        try (ServerProcess server = start()) {
            replace("key.pem", NEW.key());
            server.awaitLine("ERROR ConfigurationReloader the configuration was not read again, the old one stays: "
                    + file + ":2: tls.key: the key does not belong to the first certificate in tls.certificate");
            assertThat(shown(server)).isEqualTo(certificate(OLD));

            replace("cert.pem", NEW.certificate());
            server.awaitLine("the configuration was read again: apps as before, another certificate");
            assertThat(shown(server)).isEqualTo(certificate(NEW));
            assertThat(server.lines().stream().filter(line -> line.contains("does not belong")))
                    .hasSize(1);
        }
    }

    @Test
    void aHangUpTakesItTooAndAnExpiredOneIsWarnedOf() throws IOException {
        TestCertificate expired = TestCertificate.make("EC", "-10d", 5);
        try (ServerProcess server = start()) {
            replace("cert.pem", expired.certificate());
            replace("key.pem", expired.key());
            server.hangUp();
            server.awaitLine("WARN  ConfigurationReloader tls: the certificate EXPIRED at ");
            assertThat(shown(server)).isEqualTo(certificate(expired));
        }
    }

    @Test
    void otherNamesOfFilesNeedARestart() throws IOException {
        try (ServerProcess server = start()) {
            replace("cert2.pem", NEW.certificate());
            replace("key2.pem", NEW.key());
            Files.writeString(file, Files.readString(file).replace(".pem", "2.pem"));
            server.awaitLine("the configuration changed in what needs a restart: tls.certificate, tls.key");
            server.awaitLine("the configuration was read again: nothing new");
            assertThat(shown(server)).isEqualTo(certificate(OLD));
        }
    }

    private ServerProcess start() {
        return Built.serve("--config", file.toString());
    }

    private static Certificate certificate(TestCertificate certificate) {
        return certificate.settings().chain().getFirst();
    }

    private static Certificate shown(ServerProcess server) {
        try (RawClient client = RawClient.tcp(server.port()).secure()) {
            return client.certificate();
        }
    }

    private void replace(String name, String text) throws IOException {
        Path other = Files.writeString(folder.resolve("other"), text);
        Files.move(other, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
