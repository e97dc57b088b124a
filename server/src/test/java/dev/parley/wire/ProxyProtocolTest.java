// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AddressRange;
import dev.parley.config.ClientLimits;
import dev.parley.config.ProxySettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.rawclient.RawClient;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY protocol version 2, as its specification has it ("Binary header format"). */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class ProxyProtocolTest {

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX = 0x31;
    private static final int UNSPECIFIED = 0x00;
    private static final byte[] FROM_4 = addresses("198.51.100.7", "192.0.2.1");
    private static final byte[] FROM_6 = addresses("2001:db8::7", "2001:db8::1");
    private static final String V1 = "PROXY TCP4 198.51.100.7 192.0.2.1 4711 80\r\n";
    private static final Duration ADMISSION_TIME = Duration.ofSeconds(1);

    private RecordingServer server = trusting("127.0.0.1");

    private HealthyPair healthy = HealthyPair.ofMinimal(server.port(), "/minimal/healthy");

    private void restart(RecordingServer other) throws InterruptedException {
        stop();
        server = other;
        healthy = HealthyPair.ofMinimal(server.port(), "/minimal/healthy");
    }

    @AfterEach
    void stop() throws InterruptedException {
        try (RecordingServer used = server) {
            healthy.close();
        }
    }

    @ParameterizedTest
    @MethodSource
    void theAddressInTheHeaderIsTheClients(byte[] header, String client) {
        assertThat(exchange(header, RawRequest.MARKER.replace("Host", "X-Forwarded-For: 203.0.113.9\r\nHost")))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("page /marker");
        assertThat(server.seen())
                .singleElement()
                .satisfies(seen -> assertThat(seen.request().client()).isEqualTo(InetAddress.ofLiteral(client)));
    }

    static Stream<Arguments> theAddressInTheHeaderIsTheClients() {
        byte[] extras = ByteBuffer.allocate(12 + 3 + 1000)
                .put(FROM_4)
                .put((byte) 0x04)
                .putShort((short) 1000)
                .array();
        return Stream.of(
                Arguments.of(header(PROXY, TCP4, FROM_4), "198.51.100.7"),
                Arguments.of(header(PROXY, TCP6, FROM_6), "2001:db8::7"),
                Arguments.of(header(PROXY, TCP6, addresses6("::ffff:198.51.100.7")), "198.51.100.7"),
                Arguments.of(header(PROXY, TCP4, extras), "198.51.100.7"),
                Arguments.of(header(PROXY, UNSPECIFIED, new byte[0]), "127.0.0.1"),
                Arguments.of(header(PROXY, UNSPECIFIED, new byte[40]), "127.0.0.1"),
                Arguments.of(header(PROXY, UNIX, new byte[216]), "127.0.0.1"),
                Arguments.of(header(LOCAL, UNSPECIFIED, new byte[0]), "127.0.0.1"),
                Arguments.of(header(LOCAL, TCP4, FROM_4), "127.0.0.1"));
    }

    @ParameterizedTest
    @MethodSource
    void aProxyWithoutAGoodHeaderIsClosedUnanswered(byte[] begin) {
        assertThat(exchange(begin, RawRequest.MARKER)).matches("|lost .*");
        assertThat(server.seen()).isEmpty();
    }

    static Stream<byte[]> aProxyWithoutAGoodHeaderIsClosedUnanswered() {
        byte[] wrongSignature = header(PROXY, TCP4, FROM_4);
        wrongSignature[11] = 0;
        return Stream.of(
                new byte[0],
                V1.getBytes(StandardCharsets.US_ASCII),
                "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY ".repeat(100).getBytes(StandardCharsets.US_ASCII),
                RawClient.handshake("/minimal/a", "Host: a").getBytes(StandardCharsets.US_ASCII),
                wrongSignature,
                header(0x11, TCP4, FROM_4),
                header(0x31, TCP4, FROM_4),
                header(0x22, TCP4, FROM_4),
                header(PROXY, 0x41, FROM_4),
                header(PROXY, TCP4, new byte[4]),
                header(PROXY, TCP6, FROM_4),
                header(PROXY, UNIX, new byte[20]),
                header(PROXY, TCP4, new byte[0xFFFF]));
    }

    @Test
    void aHeaderIsReadOnceAndASecondIsNotHttp() {
        byte[] header = header(PROXY, TCP4, FROM_4);
        byte[] twice = Arrays.copyOf(header, 2 * header.length);
        System.arraycopy(header, 0, twice, header.length, header.length);

        assertThat(exchange(twice, RawRequest.MARKER)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aHeaderInSingleBytesIsTheSameHeader() {
        try (RawClient client = RawClient.tcp(server.port())) {
            for (byte b : header(PROXY, TCP4, FROM_4)) {
                client.send(new byte[] {b});
            }
            client.send(RawRequest.MARKER);

            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aWebSocketOpensBehindAHeaderAndKeepsNothingOfIt() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(header(PROXY, TCP4, FROM_4));
            client.upgrade("/minimal/a");

            assertThat(client.read()).contains("welcome");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 12, 16, 20})
    void aHeaderThatDoesNotEndIsClosedByTheDeadline(int bytes) {
        long begin = System.nanoTime();
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(Arrays.copyOf(header(PROXY, TCP4, FROM_4), bytes));

            assertThat(client.readAll()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(ADMISSION_TIME, ADMISSION_TIME.plusSeconds(2));
    }

    @Test
    void aSocketFromElsewhereIsPlainHttpAndNeverAskedForWhom() throws InterruptedException {
        restart(trusting("127.0.0.2"));

        assertThat(exchange(new byte[0], RawRequest.MARKER)).startsWith("HTTP/1.1 200 ");
        assertThat(exchange(header(PROXY, TCP4, FROM_4), RawRequest.MARKER)).startsWith("HTTP/1.1 400 ");
        assertThat(exchange(header(LOCAL, UNSPECIFIED, new byte[0]), RawRequest.MARKER))
                .startsWith("HTTP/1.1 400 ");
        assertThat(exchange(V1.getBytes(StandardCharsets.US_ASCII), RawRequest.MARKER))
                .startsWith("HTTP/1.1 400 ");
        assertThat(server.seen())
                .singleElement()
                .satisfies(seen -> assertThat(seen.request().client()).isEqualTo(InetAddress.getLoopbackAddress()));
    }

    @Test
    void withoutTheProtocolEvenAProxyMayNotBeginWithAHeader() throws InterruptedException {
        restart(RecordingServer.start(
                ClientLimits.defaults(),
                ArrivalThrottle.NONE,
                new ProxySettings(List.of(new AddressRange(InetAddress.getLoopbackAddress(), 32)), false)));

        assertThat(exchange(header(PROXY, TCP4, FROM_4), RawRequest.MARKER)).startsWith("HTTP/1.1 400 ");
    }

    private static RecordingServer trusting(String proxy) {
        return RecordingServer.start(
                new LimitsBuilder().admissionTime(ADMISSION_TIME).build(),
                ArrivalThrottle.NONE,
                new ProxySettings(List.of(new AddressRange(InetAddress.ofLiteral(proxy), 32)), true));
    }

    private String exchange(byte[] begin, String request) {
        try (RawClient client = RawClient.tcp(server.port())) {
            byte[] rest = request.getBytes(StandardCharsets.US_ASCII);
            byte[] all = Arrays.copyOf(begin, begin.length + rest.length);
            System.arraycopy(rest, 0, all, begin.length, rest.length);
            client.send(all);
            return client.readAll();
        }
    }

    private static byte[] header(int command, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    private static byte[] addresses(String source, String destination) {
        byte[] from = InetAddress.ofLiteral(source).getAddress();
        return ByteBuffer.allocate(2 * from.length + 4)
                .put(from)
                .put(InetAddress.ofLiteral(destination).getAddress())
                .putShort((short) 4711)
                .putShort((short) 80)
                .array();
    }

    /** From an IPv4 address in IPv6 notation. */
    private static byte[] addresses6(String mapped) {
        return ByteBuffer.allocate(36)
                .putInt(8, 0xFFFF)
                .put(12, InetAddress.ofLiteral(mapped).getAddress())
                .array();
    }
}
