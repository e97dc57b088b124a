// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.ClientBuilder;
import dev.parley.client.Credential;
import dev.parley.client.Event;
import dev.parley.client.ParleyClient;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.FaultProxy;
import dev.parley.rawclient.FaultProxy.Fault;
import dev.parley.rawclient.FaultProxy.Kind;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.TestServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client behind a network that fails its connections one after the other, each some bytes later than the one before.
 */
@Timeout(60)
class FaultyNetworkTest {

    /** From the first byte of a connection over its handshake, its welcome and its first frames. */
    private static final int CONNECTIONS = 250;

    private static final int STEP = 7;

    /**
     * Messages that the receiver may lack. The first connections fail before they deliver any, which lasts as long as
     * the machine is slow, and beyond {@code continuity.frames} a session without a socket ends.
     */
    private static final int MAX_UNRECEIVED = 100;

    private static final Duration SOON = Duration.ofMillis(1);

    @ParameterizedTest
    @CsvSource({"CUT,0", "CUT,2", "HALF_OPEN,0"})
    void atWhicheverByteAConnectionFailsNothingIsLostNorHeardTwice(Kind kind, long delay) {
        Receiver bob = new Receiver();
        try (TestServer server = TestServer.start();
                FaultProxy network = new FaultProxy(server.port(), number -> fault(kind, number, delay));
                ParleyClient receiver = client(network.port()).connect(bob::receive);
                ParleyClient sender = client(server.port()).connect((client, event) -> {})) {
            String id = bob.id.join();
            long sent = 0;
            while (network.connections() <= CONNECTIONS) {
                if (sent - bob.data.size() < MAX_UNRECEIVED) {
                    sent++;
                    sender.send(id, Long.toString(sent)).join();
                }
                LockSupport.parkNanos(SOON.toNanos()); // the pace of the sender, not a wait for anything
            }

            bob.awaitData(sent);
            assertThat(bob.data)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, sent)
                            .mapToObj(Long::toString)
                            .toList());
            assertThat(bob.losses).isEmpty();
            assertThat(network.cuts()).isGreaterThan(CONNECTIONS / 2);
        }
    }

    @Test
    void aLineThatStallsWithoutAWordIsLeftForAnotherAndNothingIsLost() {
        try (TestServer server = TestServer.start();
                FaultProxy network = new FaultProxy(
                        server.port(), number -> new Fault(Kind.STALL, 0, Duration.ofMillis(300), Duration.ZERO));
                Lasting alice = Lasting.begin(server)) {
            Lasting bob = Lasting.begin(network.port());
            while (network.cuts() == 0) {
                bob.say("{\"type\":\"ping\"}"); // until it does not arrive any more
            }
            List<Long> numbers = List.of(1L, 2L, 3L);
            numbers.forEach(number -> alice.send(number, bob.peerId(), Long.toString(number)));
            alice.hearsNothing();

            Lasting again = Lasting.resume(server, Lasting.KEY, bob.token(), 0);
            assertThat(again.isResumed()).isTrue();
            assertThat(again.hearData(3)).isEqualTo(List.of("1", "2", "3"));
            again.close();
            bob.drop();
        }
    }

    private static Fault fault(Kind kind, int number, long delay) {
        return number < CONNECTIONS
                ? new Fault(kind, (long) number * STEP, Duration.ZERO, Duration.ofMillis(delay))
                : Fault.NONE;
    }

    private static ClientBuilder client(int port) {
        return ParleyClient.builder(URI.create("ws://127.0.0.1:" + port + "/v1"))
                .credential(Credential.key(ServerSettings.DEVELOPMENT_KEY))
                .backoff(SOON, SOON);
    }

    /** Hears on one thread at a time. */
    private static final class Receiver {

        private final CompletableFuture<String> id = new CompletableFuture<>();
        private final Queue<String> data = new ConcurrentLinkedQueue<>();
        private final Queue<Event> losses = new ConcurrentLinkedQueue<>();

        void receive(ParleyClient client, Event event) {
            switch (event) {
                case Event.Direct direct -> data.add(direct.data());
                case Event.Welcomed welcome -> {
                    if (!welcome.resumed() && !id.complete(welcome.peerId())) {
                        losses.add(welcome);
                    }
                }
                default -> {}
            }
        }

        void awaitData(long count) {
            long deadline = System.nanoTime() + RawClient.PATIENCE.toNanos();
            while (data.size() < count && System.nanoTime() < deadline) {
                LockSupport.parkNanos(SOON.toNanos()); // leaves the processor to those it waits for
            }
        }
    }
}
