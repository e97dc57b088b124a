// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.config.AddressRange;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.SettingException;
import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients over TLS. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bounds are of seconds
class TlsTest {

    private static final TestCertificate CERTIFICATE = TestCertificate.make("EC");
    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final int OLD = 0x0302;
    private static final int TODAY = 0x0303;

    /** The first byte of a record that holds a message of the handshake, and of one that holds an alert. */
    private static final byte HANDSHAKE = 0x16;

    private static final byte ALERT = 0x15;

    @TempDir
    private static Path folder;

    /** One for all that may share it. */
    private static final Map<By, ServerProcess> SERVERS = new EnumMap<>(By.class);

    @BeforeAll
    static void start() throws IOException {
        for (By by : By.values()) {
            SERVERS.put(by, start(by));
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(ServerProcess::close);
    }

    /** What TLS is spoken with. */
    enum By {
        BORING_SSL("-Dio.netty.handler.ssl.noOpenSsl=false", "TLS by BoringSSL"),
        JDK("-Dio.netty.handler.ssl.noOpenSsl=true", "TLS by the JDK");

        private final String flag;
        private final String line;

        By(String flag, String line) {
            this.flag = flag;
            this.line = line;
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothVersionsOfTodayAreSpokenAndEndWithAGoodbye(By by) {
        ServerProcess server = server(by);
        server.awaitLine(by.line);
        server.awaitLine("websocket wss://127.0.0.1:" + server.port() + "/v1 ");
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (RawClient first = RawClient.tcp(server.port()).secure(version).upgrade("/");
                    RawClient health = RawClient.tcp(server.port()).secure(version)) {
                assertThat(first.session().getProtocol()).isEqualTo(version);
                assertThat(first.certificate())
                        .isEqualTo(CERTIFICATE.settings().chain().getFirst());
                assertThat(first.read()).contains("welcome");
                first.send(RawClient.frame(0x89, "there?".getBytes(StandardCharsets.US_ASCII)));
                assertThat(first.read()).isEqualTo("pong there?");
                first.send(RawClient.frame(0x83, new byte[0])); // breaks the rules
                assertThat(first.read()).startsWith("close 1002");
                assertThat(first.read()).isEqualTo("end");

                health.send(HEALTH);
                assertThat(health.readAll()).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ok\"}");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void olderVersionsAreRefused(By by) {
        assertThat(answer(server(by), clientHello(TODAY))).startsWith(HANDSHAKE);
        assertThat(answer(server(by), clientHello(OLD))).startsWith(ALERT);
    }

    @ParameterizedTest
    @EnumSource
    void newKeysWithinAConnectionAreRefused(By by) {
        try (RawClient client =
                RawClient.tcp(server(by).port()).secure("TLSv1.2").upgrade("/")) {
            assertThat(client.read()).contains("welcome");
            assertThatThrownBy(() -> {
                        client.renegotiate();
                        client.text("on with it");
                        throw new UncheckedIOException(new IOException(client.read()));
                    })
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageNotContaining("text");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlainRequestIsClosedAndNothingOfItIsLogged(By by) {
        ServerProcess server = server(by);
        try (RawClient plain = RawClient.tcp(server.port())) {
            plain.send("GET /v1?token=whispered HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(plain.readAll()).doesNotContain("HTTP");
            server.awaitLine("it did not begin with TLS");
            assertThat(String.join("\n", server.lines()))
                    .doesNotContain("whispered")
                    .doesNotContain(HexFormat.of().formatHex("whispered".getBytes(StandardCharsets.US_ASCII)))
                    .doesNotContain("ERROR");
            assertHealthy(server);
        }
    }

    @Test
    void endlessAndSlowHandshakesAreCutInTimeAndCostNoMemory() throws IOException {
        try (ServerProcess one = start(By.BORING_SSL, "-Xmx256m");
                ServerProcess other = start(By.JDK, "-Xmx256m")) {
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(() -> standsAttacks(one), Thread::startVirtualThread),
                            CompletableFuture.runAsync(() -> standsAttacks(other), Thread::startVirtualThread))
                    .join();
        }
    }

    private static void standsAttacks(ServerProcess server) {
        assertHealthy(server);
        long before = server.residentMebibytes();
        List<CompletableFuture<Long>> attackers = IntStream.range(0, 400)
                .mapToObj(i -> attack(server, i % 2 == 0 ? TlsTest::endlessHello : TlsTest::halfAHello))
                .toList();
        assertHealthy(server);
        long begin = System.nanoTime(); // who comes later is served, so it has all of them
        long peak = before;
        for (CompletableFuture<Long> attacker : attackers) {
            assertThat(Duration.ofNanos(attacker.join() - begin)).isLessThan(Duration.ofMillis(11_500));
            peak = Math.max(peak, server.residentMebibytes());
        }
        assertThat(peak - before).isLessThan(64);
        assertHealthy(server);
    }

    /** When it was over, as {@link System#nanoTime} counts. */
    private static CompletableFuture<Long> attack(ServerProcess server, Consumer<RawClient> how) {
        RawClient client = RawClient.tcp(server.port());
        return CompletableFuture.supplyAsync(
                () -> {
                    try (client) {
                        how.accept(client);
                        client.readAll();
                    } catch (UncheckedIOException e) {
                        // closed while it was sending
                    }
                    return System.nanoTime();
                },
                Thread::startVirtualThread);
    }

    /** Says that it is 16 MiB long, and sends all of it. */
    private static void endlessHello(RawClient client) {
        ByteBuffer record = ByteBuffer.allocate(5 + (1 << 14))
                .put(HANDSHAKE)
                .putShort((short) TODAY)
                .putShort((short) (1 << 14))
                .putInt(0x01FFFFFF)
                .putShort((short) TODAY);
        client.send(record.array());
        record.putInt(5, 0);
        for (int sent = 1 << 14; sent < 1 << 24; sent += 1 << 14) {
            client.send(record.array());
        }
    }

    private static void halfAHello(RawClient client) {
        client.send(Arrays.copyOf(clientHello(TODAY), 60));
    }

    @Test
    void whoComesThroughAProxyIsKnownFromTheHeaderBeforeTls() {
        ProxySettings proxies = new ProxySettings(List.of(range("127.0.0.1/32")), true);
        byte[] header =
                HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "c0000207" + "7f000001" + "1f901f90");
        try (TestServer server = TestServer.start(builder().proxies(proxies).build());
                RawClient client = RawClient.tcp(server.port())) {
            client.send(header);
            RawClient secured = client.secure();
            secured.send(HEALTH);
            assertThat(secured.readAll()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aServerThatStopsLetsItsClientsGoWithAGoodbye() {
        TestServer server = TestServer.start(builder().build());
        try (RawClient client = RawClient.tcp(server.port()).secure().upgrade("/")) {
            assertThat(client.read()).contains("welcome");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
            assertThat(client.read()).isEqualTo("close 1001 going away");
            client.send(RawClient.closeFrame(1001, ""));
            assertThat(client.read()).isEqualTo("end");
            client.close();
            stopped.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whoDoesNotReadIsClosedAsASlowConsumer(String version) throws InterruptedException {
        try (TestServer server = TestServer.start(builder()
                        .limits(new LimitsBuilder()
                                .unpaced()
                                .outboundBytes(256 << 10)
                                .stallTime(Duration.ofSeconds(1))
                                .closeTime(Duration.ofMinutes(1))
                                .build())
                        .build());
                RawClient sender = RawClient.tcp(server.port()).secure(version).upgrade("/");
                RawClient slow = RawClient.tcp(server.port(), SlowConsumerTest.RECEIVE_BYTES)
                        .secure(version)
                        .upgrade("/")) {
            AtomicBoolean isDone = new AtomicBoolean();
            Thread sending = SlowConsumerTest.numbersUntil(isDone, sender);
            RawClient next = awaitPlace(server);
            isDone.set(true);
            sending.join();

            SlowConsumerTest.assertUnbrokenThenClosed(slow);
            next.reset(); // the server would wait for its goodbye
        }
    }

    @Test
    void aClientThatDoesNotReadSignalsIsStillRead() {
        try (TestServer server = TestServer.start(builder()
                        .limits(new LimitsBuilder()
                                .unpaced()
                                .outboundBytes(64 << 20)
                                .build())
                        .keepalive(new KeepaliveSettings(Duration.ofMinutes(1), Duration.ofSeconds(30)))
                        .build());
                RawClient other = RawClient.tcp(server.port()).secure().upgrade("/");
                RawClient slow = RawClient.tcp(server.port(), SlowConsumerTest.RECEIVE_BYTES)
                        .secure()
                        .upgrade("/")) {
            SlowConsumerTest.assertReadWhileItDoesNotRead(slow, other);
        }
    }

    @Test
    void nothingOfTlsIsLoadedWithoutACertificate() throws IOException {
        Path classes = folder.resolve("classes.txt");
        try (ServerProcess server = Built.start("-Xlog:class+load:file=" + classes);
                RawClient client = RawClient.open(server.port(), "/")) {
            assertThat(client.read()).contains("welcome");
            assertThat(Files.readAllLines(classes))
                    .anyMatch(line -> line.contains("dev.parley.transport.SocketPipeline "))
                    .noneMatch(line -> line.contains("io.netty.handler.ssl.")
                            || line.contains("sun.security.ssl.")
                            || line.contains("dev.parley.transport.TlsCertificates"));
        }
    }

    /** Takes the place of a client that was closed, and makes the sender ready. */
    private static RawClient awaitPlace(TestServer server) {
        long deadline = System.nanoTime() + RawClient.PATIENCE.toNanos();
        while (true) {
            RawClient next = RawClient.tcp(server.port()).secure().upgrade("/");
            if (next.read().contains("welcome")) {
                return next;
            }
            next.close();
            assertThat(deadline - System.nanoTime()).isPositive();
        }
    }

    private static SettingsBuilder builder() {
        return new SettingsBuilder().tls(CERTIFICATE.settings());
    }

    private static AddressRange range(String text) {
        try {
            return AddressRange.parse(text);
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
    }

    private static ServerProcess server(By by) {
        return Objects.requireNonNull(SERVERS.get(by));
    }

    private static ServerProcess start(By by, String... flags) throws IOException {
        Files.writeString(folder.resolve("cert.pem"), CERTIFICATE.certificate());
        Files.writeString(folder.resolve("key.pem"), CERTIFICATE.key());
        Path file = Files.writeString(folder.resolve("parley.yaml"), """
                apps: [{id: demo, publishableKeys: [{id: pk, channels: ["**"], actions: [send]}]}]
                minimal: {enabled: true, origins: ["*"]}
                tls: {certificate: cert.pem, key: key.pem}
                """);
        List<String> all = new ArrayList<>(List.of(flags));
        all.add(by.flag);
        return Built.start(all, List.of("--config", file.toString()));
    }

    private static void assertHealthy(ServerProcess server) {
        try (RawClient client = RawClient.tcp(server.port()).secure()) {
            client.send(HEALTH);
            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
        }
    }

    private static byte[] answer(ServerProcess server, byte[] hello) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(hello);
            return client.readBytes(1);
        }
    }

    /** The first message of a client that speaks this version and none newer (RFC 5246 section 7.4.1.2). */
    private static byte[] clientHello(int version) {
        byte[] extensions = HexFormat.of()
                .parseHex(
                        "000a0006000400170018" // groups: secp256r1, secp384r1
                                + "000b00020100" // points as they are
                                + "000d000a0008040305030804"
                                + "0401"); // signatures: ECDSA and RSA with SHA-256 and more
        int length = 2 + 32 + 1 + 2 + 4 + 2 + 2 + extensions.length;
        return ByteBuffer.allocate(9 + length)
                .put(HANDSHAKE)
                .putShort((short) 0x0301)
                .putShort((short) (4 + length))
                .putInt(0x01000000 | length)
                .putShort((short) version)
                .put(new byte[32])
                .put((byte) 0)
                .putShort((short) 4)
                .putInt(0xC02BC009) // ECDHE_ECDSA with AES_128_GCM, as version 1.2 has it, and with AES_128_CBC
                .putShort((short) 0x0100)
                .putShort((short) extensions.length)
                .put(extensions)
                .array();
    }
}
