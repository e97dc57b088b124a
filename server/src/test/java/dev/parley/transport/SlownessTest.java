// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Only a client whose socket takes no more counts as a slow consumer. */
class SlownessTest {

    /** What the system takes for a client that reads nothing. */
    private static final int RECEIVE_BYTES = 64 << 10;

    /** Linux lists the connections of IPv4 and IPv6 here (proc_pid_net(5)). */
    private static final List<Path> CONNECTIONS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private final Told told = new Told(new CompletableFuture<>(), new CompletableFuture<>());
    private final ListenerServices services = ListenerServices.local(List.of(new AnyPathDialect(told::open)), Map.of());
    private final ClientLimits limits =
            new LimitsBuilder().stallTime(Duration.ofMillis(500)).build();
    private final NettyTransport transport =
            new NettyTransport(limits, KeepaliveSettings.defaults(), DrainSettings.defaults());

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void aClientWhoseSocketBrokeIsLostAndNotCalledSlow() throws Exception {
        RawClient client = open();
        ClientConnection connection = told.opened().get(20, TimeUnit.SECONDS);
        connection.loop().post(() -> {
            client.reset(); // the loop is busy here, so it can learn of this only by writing
            awaitNoConnectionTo(client.localPort());
            send(connection, 50, 60_000);
        });

        assertThat(told.ending().get(20, TimeUnit.SECONDS)).isInstanceOf(ConnectionEnding.Lost.class);
    }

    @Test
    void whatOneTurnSendsIsOfferedToTheSocketBeforeItsClientIsJudged() throws Exception {
        try (RawClient client = open()) {
            ClientConnection connection = told.opened().get(20, TimeUnit.SECONDS);
            connection.loop().post(() -> send(connection, 20_000, 0)); // 40 kB to the socket, 2 MB to the queue

            for (int i = 0; i < 20_000; i++) {
                assertThat(client.read()).isEqualTo("binary ");
            }
        }
    }

    /** Encryption makes the waiting data longer, after the connection has looked whether the socket takes more. */
    @Test
    void aClientThatReadsNothingIsClosedHoweverLittleWasSentWhenItsSocketTookNoMore() throws Exception {
        try (TlsCertificates tls =
                        TlsCertificates.with(TestCertificate.make("EC").settings());
                RawClient client = RawClient.tcp(listen(services.over(tls)), RECEIVE_BYTES)
                        .secure()
                        .upgrade("/")) {
            var connection = (WebSocketConnection) told.opened().get(20, TimeUnit.SECONDS);
            connection.loop().post(() -> sendWhileWritable(connection));

            assertThat(told.ending().get(20, TimeUnit.SECONDS))
                    .isEqualTo(new ConnectionEnding.Closed(CloseCode.SLOW_CONSUMER));
            client.reset();
        }
    }

    /**
     * Fills the socket, then one byte a turn. Goes on once the system takes more, which it may do for a while although
     * the client reads nothing.
     */
    private void sendWhileWritable(WebSocketConnection connection) {
        if (connection.isEnding()) {
            return;
        }
        if (connection.isWritable()) {
            send(connection, 1, connection.unflushedBytes() < 8 << 10 ? 1024 : 1);
            connection.loop().post(() -> sendWhileWritable(connection));
        } else {
            connection.whenWritable(() -> sendWhileWritable(connection));
        }
    }

    /**
     * Waits until the system has dropped the server's side of a connection: on a busy machine a reset takes a while to
     * arrive.
     */
    private static void awaitNoConnectionTo(int port) {
        Pattern established = Pattern.compile(" *\\d+: \\S+ \\S+:%04X 01 .*".formatted(port));
        while (CONNECTIONS.stream().flatMap(SlownessTest::lines).anyMatch(established.asMatchPredicate())) {
            Thread.onSpinWait();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawClient open() throws IOException {
        return RawClient.open(listen(services), "/");
    }

    private int listen(ListenerServices on) throws IOException {
        return transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), on);
    }

    private void send(ClientConnection connection, int frames, int bytes) {
        Payload payload = Payload.of(new byte[bytes]);
        for (int i = 0; i < frames; i++) {
            connection.send(transport.frames().binary(payload));
        }
    }

    /** Says nothing, and tells how it began and ended. */
    private record Told(CompletableFuture<ClientConnection> opened, CompletableFuture<ConnectionEnding> ending)
            implements ClientConversation {

        ClientConversation open(ClientConnection connection) {
            connection.admitted();
            opened.complete(connection);
            return this;
        }

        @Override
        public void text(Payload payload) {}

        @Override
        public void binary(Payload payload) {}

        @Override
        public void ended(ConnectionEnding how) {
            ending.complete(how);
        }
    }
}
