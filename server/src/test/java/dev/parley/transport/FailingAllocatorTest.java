// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.CloseCode;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.session.MemoryBudget;
import dev.parley.rawclient.RawClient;
import dev.parley.simulation.Json;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TestServer;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every buffer of a conversation over the real pipeline is refused once, alone and with those behind it. */
class FailingAllocatorTest {

    private static final int LEAST = 40;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void whateverBufferIsRefusedNobodyIsLeftHalfOpenAndNothingIsLost(int inARow) {
        List<String> broken = new ArrayList<>();
        FailingAllocator allocator;
        long first = 1;
        do {
            allocator = new FailingAllocator(first, inARow);
            try {
                new Run(allocator).play();
            } catch (AssertionError e) {
                broken.add("buffer " + first + ": " + e.getMessage());
            }
            first++;
        } while (allocator.isReached());

        assertThat(first).isGreaterThan(LEAST);
        assertThat(broken).isEmpty();
    }

    /** One conversation. */
    private static final class Run {

        private final FailingAllocator allocator;
        private final Map<Channel, NettyLoop> loops = new HashMap<>();
        private final List<EmbeddedClient> clients = new ArrayList<>();
        private final FairShares arrivals = new FairShares(1 << 20);
        private final MemoryBudget memory = Terms.memory();
        private final TestServer server;
        private final SocketPipeline pipeline;

        Run(FailingAllocator allocator) {
            this.allocator = allocator;
            FrameEncoder encoder = new FrameEncoder(allocator);
            WebSocketFrames frames = new WebSocketFrames(new FrameEncoder(new FailingAllocator(Long.MAX_VALUE, 1)));
            WebSocketFrames failing = new WebSocketFrames(encoder);
            StartupFrames startup = new StartupFrames(frames, failing);
            this.server = TestServer.with().memory(memory).build(startup);
            this.pipeline = new SocketPipeline(
                    ListenerServices.local(List.of(server.v1(), server.minimal()), Map.of()),
                    ClientLimits.defaults(),
                    KeepaliveSettings.defaults(),
                    channel -> requireNonNull(loops.get(channel)),
                    encoder,
                    arrivals,
                    new UnreadMemory(0, () -> false));
        }

        void play() {
            EmbeddedClient left = open("/minimal/room", "");
            EmbeddedClient right = open("/minimal/room", "");
            left.text("whole");
            byte[] pieces = RawClient.frame(0x81, new byte[300]);
            left.arrive(Arrays.copyOfRange(pieces, 0, 100));
            left.arrive(Arrays.copyOfRange(pieces, 100, 200));
            left.arrive(Arrays.copyOfRange(pieces, 200, pieces.length));
            byte[] large = RawClient.frame(0x82, new byte[20_000]);
            left.arrive(Arrays.copyOfRange(large, 0, 8_000));
            left.arrive(Arrays.copyOfRange(large, 8_000, 19_000));
            left.arrive(Arrays.copyOfRange(large, 19_000, large.length));
            left.frame(0x01, "frag");
            left.frame(0x80, "ments");
            run();
            if (left.isOpen() && right.isOpen()) {
                assertThat(right.texts()).contains("whole", "fragments", new String(new char[300]));
            }

            EmbeddedClient alice = open("/v1", "parley.v1, key.red.alice");
            EmbeddedClient bob = open("/v1", "parley.v1, key.red.bob");
            say(bob, 1, "\"type\":\"subscribe\",\"channel\":\"stage\"");
            say(alice, 1, "\"type\":\"publish\",\"channel\":\"stage\",\"data\":\"one\"");
            say(alice, 2, "\"type\":\"send\",\"to\":\"bob\",\"data\":\"two\"");
            bob.drop();
            run();
            say(alice, 3, "\"type\":\"send\",\"to\":\"bob\",\"data\":\"three\"");
            EmbeddedClient back = open("/v1", "parley.v1, key.red.bob" + resume(bob));
            say(alice, 4, "\"type\":\"send\",\"to\":\"bob\",\"data\":\"four\"");
            check(alice, bob, back);

            clients.forEach(Run::livesOrIsClosed);
            end();
        }

        private EmbeddedClient open(String path, String protocols) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.config().setAllocator(allocator);
            loops.put(channel, new NettyLoop(channel.eventLoop()));
            channel.pipeline().addLast(pipeline);
            EmbeddedClient client = new EmbeddedClient(allocator, channel);
            clients.add(client);
            client.upgrade(path, protocols);
            run();
            assertThat(client.isUnanswered()).as("half open").isFalse();
            return client;
        }

        private void say(EmbeddedClient client, int sequence, String fields) {
            if (client.isOpen()) {
                client.text("{\"seq\":" + sequence + ",\"requestId\":\"" + sequence + "\"," + fields + "}");
            }
            run();
        }

        private static String resume(EmbeddedClient client) {
            return client.texts().stream()
                    .map(Json::object)
                    .filter(it -> it.get("session") instanceof Map<?, ?>)
                    .map(it -> ", resume." + ((Map<?, ?>) it.get("session")).get("resumeToken") + "."
                            + client.texts().stream()
                                    .filter(text -> text.startsWith("{\"seq\":"))
                                    .count())
                    .findFirst()
                    .orElse("");
        }

        /** Unless the sender is gone, what was acknowledged has arrived or is reported. */
        private static void check(EmbeddedClient alice, EmbeddedClient bob, EmbeddedClient back) {
            String heard = String.join(" ", bob.texts()) + String.join(" ", back.texts());
            List<String> data = List.of("", "one", "two", "three", "four");
            for (int i = 1; alice.isOpen() && i < data.size(); i++) {
                String acknowledged = "\"type\":\"ack\",\"requestId\":\"" + i + "\"";
                boolean isAcknowledged = alice.texts().stream().anyMatch(it -> it.contains(acknowledged));
                boolean isForBob = i != 1 || bob.texts().stream().anyMatch(it -> it.contains("presence"));
                if (isAcknowledged && isForBob && !heard.contains("\"data\":\"" + data.get(i) + "\"")) {
                    assertThat(isReported(alice, i) || !back.isOpen())
                            .as("%s was lost silently", data.get(i))
                            .isTrue();
                }
            }
        }

        private static boolean isReported(EmbeddedClient sender, int sequence) {
            return sender.texts().stream()
                    .map(Json::object)
                    .anyMatch(it -> "undelivered".equals(it.get("type"))
                            && Long.parseLong(String.valueOf(it.get("from"))) <= sequence
                            && Long.parseLong(String.valueOf(it.get("through"))) >= sequence);
        }

        private static void livesOrIsClosed(EmbeddedClient client) {
            if (client.isOpen()) {
                int before = client.pongs();
                client.frame(0x89, "alive");
                client.turn();
                assertThat(client.pongs() > before || !client.isOpen())
                        .as("answers a ping or is closed")
                        .isTrue();
            }
        }

        private void end() {
            AppDirectory directory = server.app("red");
            List.of("alice", "bob").forEach(peer -> directory.peers().close(peer, CloseCode.ADMIN_DISCONNECT));
            run();
            clients.forEach(EmbeddedClient::drop);
            run();
            clients.forEach(EmbeddedClient::release);

            assertThat(directory.usage().connections()).as("places of the app").isZero();
            assertThat(directory.rooms().count() + server.app("minimal").rooms().count())
                    .as("rooms")
                    .isZero();
            assertThat(server.sessions().count() + memory.used())
                    .as("sessions and what they keep")
                    .isZero();
            assertThat(arrivals.total()).as("bytes that are unfinished").isZero();
            assertThat(pipeline.unadmitted().size()).as("places in the lobby").isZero();
            assertThat(allocator.used()).as("bytes of buffers").isZero();
        }

        private void run() {
            boolean isBusy = true;
            for (int turns = 0; isBusy || turns < 3; turns++) { // posts to other loops come back
                isBusy = false;
                for (EmbeddedClient client : clients) {
                    isBusy |= client.turn();
                }
            }
        }
    }
}
