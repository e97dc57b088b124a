// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingPingsTest {

    private static final byte[] PONG_1 = RawClient.frame(0x8A, new byte[] {0, 0, 0, 1});
    private static final byte[] PONG_2 = RawClient.frame(0x8A, new byte[] {0, 0, 0, 2});
    private static final byte[] UNASKED_PONG = RawClient.frame(0x8A, new byte[0]);

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final NettyTransport transport =
            new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults());
    private int port;

    @BeforeEach
    void listen() throws IOException {
        port = transport.listen(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                ListenerServices.local(List.of(new Asking()), Map.of()));
    }

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void whoAnswersStays() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("60000");
            assertThat(client.read()).isEqualTo("ping 00000001");
            client.send(PONG_1);
            assertThat(next()).isEqualTo("known");
            client.send(RawClient.closeFrame(1000, ""));
            assertThat(next()).isEqualTo("ended Left[number=1000]");
        }
    }

    @Test
    void whoDoesNotAnswerInTimeIsLostBeforeThoseWhoAskedKnow() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("50");
            assertThat(client.read()).isEqualTo("ping 00000001");
            assertThat(next()).isEqualTo("ended Lost[cause=no pong]");
            assertThat(next()).isEqualTo("known");
            assertThat(client.read()).isEqualTo("close 1008 no pong");
        }
    }

    @Test
    void anAnswerCountsForEveryQuestionUpToItsOwn() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("60000");
            client.text("60000");
            assertThat(client.read()).isEqualTo("ping 00000001");
            client.send(PONG_2);
            assertThat(next()).isEqualTo("known");
            assertThat(next()).isEqualTo("known");
        }
    }

    @Test
    void aPongThatAnswersNoQuestionLeavesItOpen() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("read 1");
            client.text("read 2");
            client.send(UNASKED_PONG);
            client.send(PONG_1);
            client.text("mark");
            client.send(PONG_2);
            assertThat(next()).isEqualTo("read 1");
            assertThat(next()).isEqualTo("mark");
            assertThat(next()).isEqualTo("read 2");
        }
    }

    @Test
    void answersToOurOwnPingsAreNotCountedAmongControlFrames() throws Exception {
        int pings = 2 * ClientLimits.defaults().connection().controlFramesBurst();
        try (RawClient client = RawClient.open(port, "/")) {
            for (int i = 1; i <= pings; i++) {
                client.text("read " + i);
                client.send(RawClient.frame(0x8A, new byte[] {0, 0, 0, (byte) i}));
                assertThat(next()).isEqualTo("read " + i);
            }
            for (int i = 0; i <= pings; i++) {
                client.send(PONG_1); // a second answer does not count
            }
            assertThat(next()).startsWith("ended Closed[code=CloseCode[number=1008, reason=too many control frames");
        }
    }

    @Test
    void whoWaitsWithLessPatienceGivesUpAlone() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("60000");
            client.text("brief");
            assertThat(next()).isEqualTo("brief");
            client.text("mark");
            assertThat(next()).isEqualTo("mark");
            client.send(PONG_1);
            assertThat(next()).isEqualTo("known");
        }
    }

    @Test
    void whoeverWaitsForAClientToReadLearnsOfItsEnd() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("read 1");
            assertThat(client.read()).isEqualTo("ping 00000001");
            client.reset();
            assertThat(next()).startsWith("ended Lost");
            assertThat(next()).isEqualTo("read 1");
        }
    }

    @Test
    void whoLeavesBeforeItAnswersIsKnownToBeGone() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("60000");
            assertThat(client.read()).isEqualTo("ping 00000001");
            client.reset();
            assertThat(next()).startsWith("ended Lost");
            assertThat(next()).isEqualTo("known");
        }
    }

    @Test
    void whoIsGoneAlreadyIsKnownAtOnce() throws Exception {
        try (RawClient client = RawClient.open(port, "/")) {
            client.text("close");
            assertThat(next()).startsWith("ended Closed");
            assertThat(next()).isEqualTo("known");
        }
    }

    private String next() throws InterruptedException {
        String event = events.poll(RawClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    /** What its clients say is what they are asked; a number is patience in milliseconds. */
    private final class Asking implements Dialect {

        @Override
        public String name() {
            return "test";
        }

        @Override
        public boolean serves(String path) {
            return true;
        }

        @Override
        public Reception receive(ClientRequest request) {
            return new Accepted(this::open);
        }

        private ClientConversation open(ClientConnection connection) {
            connection.admitted();
            return new ClientConversation() {
                @Override
                public void text(Payload payload) {
                    String text = new String(payload.copy(), StandardCharsets.UTF_8);
                    switch (text.split(" ", -1)[0]) {
                        case "mark" -> events.add("mark");
                        case "read" -> connection.whenRead(Duration.ofSeconds(60), () -> events.add(text));
                        case "brief" -> connection.whenRead(Duration.ofMillis(50), () -> events.add(text));
                        case "close" -> {
                            connection.close(CloseCode.GOING_AWAY);
                            connection.probe(Duration.ZERO, () -> events.add("known"));
                        }
                        default -> connection.probe(Duration.ofMillis(Long.parseLong(text)), () -> events.add("known"));
                    }
                }

                @Override
                public void binary(Payload payload) {}

                @Override
                public void ended(ConnectionEnding ending) {
                    events.add("ended " + ending);
                }
            };
        }
    }
}
