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
import dev.parley.wire.LimitsBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection whose reading is paused handles nothing, loses nothing, and is not judged silent. */
class PausedReadingTest {

    private static final String PAUSE = "pause";

    private final Dialogue dialogue = new Dialogue();
    private @Nullable NettyTransport transport;

    @AfterEach
    void stop() {
        if (transport != null) {
            transport.close();
        }
    }

    @Test
    void whatWasReadAlreadyIsNotHandledUntilTheLastHoldIsTakenBack() throws Exception {
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames("1", PAUSE, "2", PAUSE, "3"));
            assertThat(dialogue.next()).isEqualTo("1");
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            call(ClientConnection::pauseReading);
            call(ClientConnection::resumeReading);
            client.text("4");
            turn();

            assertThat(dialogue.heard).isEmpty();
            call(ClientConnection::resumeReading);
            assertThat(dialogue.next()).isEqualTo("2");
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            turn();
            assertThat(dialogue.heard).isEmpty();
            call(ClientConnection::resumeReading);
            assertThat(dialogue.next()).isEqualTo("3");
            assertThat(dialogue.next()).isEqualTo("4");
        }
    }

    @Test
    void messagesAreNotHandledWithinTheCallThatResumes() throws Exception {
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames(PAUSE, "2"));
            assertThat(dialogue.next()).isEqualTo(PAUSE);

            call(connection -> {
                connection.resumeReading();
                dialogue.heard.add("returned");
            });

            assertThat(dialogue.next()).isEqualTo("returned");
            assertThat(dialogue.next()).isEqualTo("2");
        }
    }

    @Test
    void aHoldTakenBackWithinTheMessageHoldsNothingBack() throws Exception {
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames("1", "pause and resume", "2", "3"));

            for (String text : List.of("1", "pause and resume", "2", "3")) {
                assertThat(dialogue.next()).isEqualTo(text);
            }
        }
    }

    @Test
    void theServerClosesAPausedConnectionAndReadsTheAnswer() throws Exception {
        try (RawClient client =
                open(new LimitsBuilder().closeTime(Duration.ofSeconds(60)).build(), KeepaliveSettings.defaults())) {
            client.send(frames(PAUSE, "2"));
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            call(connection -> connection.close(CloseCode.GOING_AWAY));
            assertThat(client.read()).startsWith("close 1001");

            client.send(RawClient.closeFrame(1001, ""));

            assertThat(client.read()).isEqualTo("end");
            assertThat(dialogue.heard).isEmpty();
        }
    }

    @Test
    void aPausedClientIsNotSilent() throws Exception {
        KeepaliveSettings brisk = new KeepaliveSettings(Duration.ofMillis(400), Duration.ofMillis(300));
        try (RawClient client = open(ClientLimits.defaults(), brisk)) {
            client.send(frames(PAUSE, "2"));
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            for (int i = 0; i < 4; i++) {
                String ping = client.read();
                assertThat(ping).startsWith("ping");
                client.answer(ping);
            }

            call(ClientConnection::resumeReading);
            assertThat(dialogue.next()).isEqualTo("2");
            String last = client.read();
            while (last.startsWith("ping")) {
                last = client.read(); // unanswered now
            }
            assertThat(last).isEqualTo("close 1008 no pong");
        }
    }

    @Test
    void aProbedClientThatIsPausedCountsAsAlive() throws Exception {
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames(PAUSE, "2"));
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            CompletableFuture<String> known = new CompletableFuture<>();
            call(connection -> connection.probe(
                    Duration.ofMillis(50), () -> known.complete(dialogue.ending.isDone() ? "lost" : "alive")));

            assertThat(known.get(20, TimeUnit.SECONDS)).isEqualTo("alive");
            assertThat(client.read()).startsWith("ping");
            call(ClientConnection::resumeReading);
            assertThat(dialogue.next()).isEqualTo("2");
        }
    }

    @Test
    void theTimeOfAMessageDoesNotRunOutWhileItIsNotRead() throws Exception {
        ClientLimits limits =
                new LimitsBuilder().messageTime(Duration.ofMillis(200)).build();
        try (RawClient client = open(limits, KeepaliveSettings.defaults())) {
            byte[] frame = RawClient.textFrame("in two parts");
            client.send(Arrays.copyOf(frame, 5));
            turn();
            call(ClientConnection::pauseReading);
            client.send(Arrays.copyOfRange(frame, 5, frame.length));
            assertThat(client.isQuietFor(Duration.ofMillis(800))).isTrue();

            call(ClientConnection::resumeReading);
            assertThat(dialogue.next()).isEqualTo("in two parts");
            client.send(Arrays.copyOf(frame, 5));
            assertThat(client.read()).isEqualTo("close 1008 message took too long");
        }
    }

    @Test
    void aSocketThatBreaksWhilePausedIsLost() throws Exception {
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames(PAUSE, "2"));
            assertThat(dialogue.next()).isEqualTo(PAUSE);

            client.reset();

            assertThat(dialogue.ending.get(20, TimeUnit.SECONDS)).isInstanceOf(ConnectionEnding.Lost.class);
            assertThat(dialogue.heard).isEmpty();
        }
    }

    @Test
    void aClientThatEndsItsSideWhileItIsPausedIsLostWithWhatWasNotHandled() throws Exception {
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames(PAUSE));
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            for (int i = 0; i < 2_000; i++) { // no more than the kernel takes, so that the server sees the end
                client.text("number " + i);
            }
            client.endOutput();

            assertThat(dialogue.ending.get(20, TimeUnit.SECONDS)).isInstanceOf(ConnectionEnding.Lost.class);
            assertThat(dialogue.heard).isEmpty();
        }
    }

    @Test
    void whatAClientSentBeforeItEndedItsSideIsReadAtItsPace() throws Exception {
        int many = 20_000; // more than the kernel takes, so that the server does not see the end
        try (RawClient client = open(ClientLimits.defaults(), KeepaliveSettings.defaults())) {
            client.send(frames(PAUSE));
            assertThat(dialogue.next()).isEqualTo(PAUSE);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int i = 0; i < many; i++) {
                stream.writeBytes(RawClient.textFrame("number " + i));
            }
            client.send(stream.toByteArray());
            client.endOutput();
            for (int i = 0; i < 5; i++) {
                turn();
            }

            assertThat(dialogue.heard).isEmpty();
            assertThat(dialogue.ending).isNotDone();
            call(ClientConnection::resumeReading);
            for (int i = 0; i < many; i++) {
                assertThat(dialogue.next()).isEqualTo("number " + i);
            }
            assertThat(dialogue.ending.get(20, TimeUnit.SECONDS)).isInstanceOf(ConnectionEnding.Lost.class);
        }
    }

    private RawClient open(ClientLimits limits, KeepaliveSettings keepalive) throws IOException {
        NettyTransport started = new NettyTransport(limits, keepalive, DrainSettings.defaults());
        transport = started;
        ListenerServices services = ListenerServices.local(List.of(dialogue), Map.of());
        int port = started.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
        return RawClient.open(port, "/");
    }

    private static byte[] frames(String... texts) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (String text : texts) {
            frames.writeBytes(RawClient.textFrame(text));
        }
        return frames.toByteArray();
    }

    private void call(Consumer<ClientConnection> task) throws Exception {
        ClientConnection connection = dialogue.opened.get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.loop().post(() -> {
            task.accept(connection);
            done.complete(null);
        });
        done.get(20, TimeUnit.SECONDS);
    }

    /** Waits until the loop has looked at its sockets once more. */
    private void turn() throws Exception {
        ClientConnection connection = dialogue.opened.get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.loop().schedule(Duration.ofMillis(20), () -> done.complete(null));
        done.get(20, TimeUnit.SECONDS);
    }

    /** Records what is said, and pauses when it is asked to. */
    private static final class Dialogue implements Dialect, ClientConversation {

        private final CompletableFuture<ClientConnection> opened = new CompletableFuture<>();
        private final CompletableFuture<ConnectionEnding> ending = new CompletableFuture<>();
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        }

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
            return new Accepted(connection -> {
                connection.admitted();
                opened.complete(connection);
                return this;
            });
        }

        @Override
        public void text(Payload payload) {
            String text = new String(payload.copy(), StandardCharsets.UTF_8);
            if (text.startsWith(PAUSE)) {
                opened.join().pauseReading();
            }
            if (text.endsWith("resume")) {
                opened.join().resumeReading();
            }
            heard.add(text);
        }

        @Override
        public void binary(Payload payload) {}

        @Override
        public void ended(ConnectionEnding how) {
            ending.complete(how);
        }
    }
}
