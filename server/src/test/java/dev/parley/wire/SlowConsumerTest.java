// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clients that do not read: docs/protocol.md, "Slow consumers". */
class SlowConsumerTest {

    /**
     * What the kernel takes for a client that does not read. With a few kB it now and then waits for its timer of
     * closed windows before each of them once the client reads (RFC 9293 section 3.8.6.1), which takes minutes.
     */
    static final int RECEIVE_BYTES = 64 << 10;

    @Test
    void whoDoesNotReadIsClosedWith1013AfterAnUnbrokenBeginningOfWhatWasSent() throws InterruptedException {
        ClientLimits limits = new LimitsBuilder()
                .unpaced()
                .outboundBytes(256 << 10)
                .stallTime(Duration.ofSeconds(1))
                .build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient sender = server.open("/");
                RawClient slow = RawClient.tcp(server.port(), RECEIVE_BYTES).upgrade("/")) {
            AtomicBoolean isDone = new AtomicBoolean();
            Thread sending = numbersUntil(isDone, sender);
            // The next peer is let in only when the slow one was given up, and it makes the sender ready.
            try (RawClient next =
                    Pair.joinOnceThereIsRoom(server.port(), "/", "text {\"type\":\"welcome\",\"polite\":true}")) {
                isDone.set(true);
                sending.join();
            }

            assertUnbrokenThenClosed(slow);
        }
    }

    @Test
    void aClientThatDoesNotReadSignalsIsStillRead() {
        ClientLimits limits =
                new LimitsBuilder().unpaced().outboundBytes(64 << 20).build(); // more than the kernel takes
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient other = server.open("/");
                RawClient slow = RawClient.tcp(server.port(), RECEIVE_BYTES).upgrade("/")) {
            assertReadWhileItDoesNotRead(slow, other);
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsNotReadUntilItDoes() throws InterruptedException {
        int requests = 60_000; // more answers than the kernel takes, and what is read before that shows
        String request = "{\"type\":\"unsubscribe\",\"channel\":\"c\",\"requestId\":\"" + "r".repeat(120) + "\"}";
        ClientLimits limits = new LimitsBuilder().unpaced().build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Talker other = new Talker(server, "key=pk_live_demo");
                RawClient slow = RawClient.tcp(server.port(), RECEIVE_BYTES).upgrade("/v1?key=pk_live_demo")) {
            other.subscribe("room");
            Thread asking = Thread.startVirtualThread(() -> {
                for (int i = 0; i < requests; i++) {
                    slow.text(request);
                }
                slow.text("{\"type\":\"publish\",\"channel\":\"room\",\"data\":1}");
            });
            assertThat(other.isQuietFor(Duration.ofMillis(300))).isTrue();

            int acks = 0;
            while (acks < requests) {
                acks += slow.read().contains("\"ack\"") ? 1 : 0;
            }
            asking.join();
            assertThat(other.receive()).contains("\"data\":1");
        }
    }

    @Test
    void membersThatReadAreNotClosedHoweverManyMessagesOthersPublish() throws InterruptedException {
        ClientLimits limits =
                new LimitsBuilder().unpaced().outboundBytes(128 << 10).build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Talker member = new Talker(server, "key=pk_live_demo")) {
            member.subscribe("room");
            List<RawClient> hostile = Stream.generate(() -> server.open("/v1?key=pk_live_demo"))
                    .limit(6)
                    .toList();
            List<Thread> publishing = hostile.stream()
                    .map(client ->
                            Thread.startVirtualThread(() -> publish(client, 950, "\"" + "x".repeat(20_000) + "\"")))
                    .toList();
            for (Thread thread : publishing) {
                thread.join();
            }
            for (RawClient client : hostile) {
                assertThat(client.read()).startsWith("text {\"type\":\"welcome\"");
                client.text("{\"type\":\"ping\"}"); // answered when all before it is handled
                assertThat(client.read()).isEqualTo("text {\"type\":\"pong\"}");
            }
            try (Talker next = new Talker(server, "key=pk_live_demo")) {
                next.say("{\"type\":\"subscribe\",\"channel\":\"room\"}"); // announced to all members

                String frame = member.receive();
                while (!frame.contains("\"presence\"")) {
                    assertThat(frame).startsWith("text {\"type\":\"message\"");
                    frame = member.receive();
                }
            }
            hostile.forEach(RawClient::close);
        }
    }

    @Test
    void aSendToAReceiverThatDoesNotReadIsAnsweredWithReceiverBusyAndCountsForNothing() {
        ClientLimits limits =
                new LimitsBuilder().unpaced().outboundBytes(256 << 10).build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Talker sender = new Talker(server, "key=pk_live_demo");
                RawClient slow = RawClient.tcp(server.port(), RECEIVE_BYTES).upgrade("/v1?key=pk_live_demo")) {
            String peer = slow.read().replaceFirst(".*\"peerId\":\"([^\"]+)\".*", "$1");
            String send = "{\"type\":\"send\",\"requestId\":\"r\",\"to\":\"" + peer + "\",\"data\":\""
                    + "x".repeat(60_000) + "\"}";
            String answer = sender.ask(send);
            int accepted = 0;
            while (accepted < 1_000 && answer.contains("\"ack\"")) {
                accepted++;
                answer = sender.ask(send);
            }

            assertThat(answer).contains("\"receiver_busy\"", "\"requestId\":\"r\"");
            assertThat(Operator.metrics(server.adminPort()))
                    .contains("parley_busy_total{app=\"demo\"} 1.0\n")
                    .contains("parley_app_period_messages{app=\"demo\"} " + accepted + ".0\n");
        }
    }

    private static void publish(RawClient client, int count, String data) {
        for (int i = 0; i < count; i++) {
            client.text("{\"type\":\"publish\",\"channel\":\"room\",\"data\":" + data + "}");
        }
    }

    @Test
    void aBurstOfTinyMessagesThatMayWaitArrivesWholeHoweverMuchMoreThanTheirBytesTheyCost() {
        byte[] burst = new byte[20_000 * 6]; // each a masked, empty binary frame
        for (int i = 0; i < burst.length; i += 6) {
            burst[i] = (byte) 0x82;
            burst[i + 1] = (byte) 0x80;
        }
        byte[] arrived = new byte[20_000 * 2];
        for (int i = 0; i < arrived.length; i += 2) {
            arrived[i] = (byte) 0x82;
        }
        ClientLimits limits =
                new LimitsBuilder().unpaced().outboundBytes(4 << 20).build(); // as frames in a queue they take 2.6 MB
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Pair pair = Pair.in(server, "/")) {
            pair.first().send(burst);

            assertThat(pair.second().readBytes(arrived.length)).isEqualTo(arrived);
        }
    }

    /** Sends numbered messages until it is done. */
    static Thread numbersUntil(AtomicBoolean isDone, RawClient sender) {
        return Thread.startVirtualThread(() -> {
            String filler = "x".repeat(1000);
            for (int i = 0; !isDone.get() && i < 1_000_000; i++) {
                sender.text(i + " " + filler);
            }
        });
    }

    /** What was sent to the slow one before it was given up is there without a gap, then the reason. */
    static void assertUnbrokenThenClosed(RawClient slow) {
        assertThat(slow.read()).contains("\"polite\":true");
        int expected = -1;
        String frame = slow.read();
        while (frame.startsWith("text ")) {
            int number = Integer.parseInt(frame.split(" ", 3)[1]);
            expected = expected < 0 ? number : expected;
            assertThat(number).isEqualTo(expected++);
            frame = slow.read();
        }
        assertThat(frame).isEqualTo("close 1013 slow consumer");
    }

    /** Two clients in a room, neither of which has read anything. */
    static void assertReadWhileItDoesNotRead(RawClient slow, RawClient other) {
        assertThat(other.read()).contains("welcome");
        assertThat(other.read()).contains("ready");
        for (int i = 0; i < 200; i++) {
            other.binary(new byte[60_000]);
        }
        other.send(RawClient.frame(0x89, new byte[0])); // its pong shows that all of them were handled
        assertThat(other.read()).isEqualTo("pong ");

        slow.text("still here");
        assertThat(other.read()).isEqualTo("text still here");
        assertThat(slow.read()).contains("welcome");
        for (int i = 0; i < 200; i++) {
            assertThat(slow.read()).startsWith("binary 0000");
        }
    }
}
