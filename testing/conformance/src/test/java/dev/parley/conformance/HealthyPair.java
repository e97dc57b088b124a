// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Two clients that send 50 numbered signals a second to each other while something else goes on. Each has to arrive
 * once, in order and within {@link #PATIENCE}.
 */
final class HealthyPair implements AutoCloseable {

    /** Longer than a busy machine needs, and shorter than anyone waits for a call. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long PAUSE_NANOS = 20_000_000;
    private static final int LAST = -1;

    private final List<Way> ways;
    private final List<Thread> threads;
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private volatile boolean isEnding;

    /** From one to the other. */
    private record Way(Client from, Client to, Queue<Long> saidAt, AtomicInteger sent, AtomicInteger received) {

        Way(Client from, Client to) {
            this(from, to, new ConcurrentLinkedQueue<>(), new AtomicInteger(), new AtomicInteger());
        }

        void say(int number) {
            from.say("{\"type\":\"send\"," + Json.field("to", to.peerId()) + ",\"data\":" + number + "}");
        }
    }

    HealthyPair(Server server) {
        Client one = server.connect();
        Client other = server.connect();
        ways = List.of(new Way(one, other), new Way(other, one));
        threads = List.of(start(this::talk), start(() -> listen(ways.getFirst())), start(() -> listen(ways.getLast())));
    }

    private Thread start(Runnable task) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, failure) -> surprises.add(failure.toString()))
                .start(task);
    }

    private void talk() {
        do {
            for (Way way : ways) {
                way.saidAt().add(System.nanoTime());
                way.say(way.sent().getAndIncrement());
            }
            LockSupport.parkNanos(PAUSE_NANOS); // the pace of the clients, not a wait for anything
        } while (!isEnding);
        ways.forEach(way -> way.say(LAST));
    }

    private void listen(Way way) {
        JsonNode frame = way.to().hear();
        while (!isSignal(frame, way, LAST)) {
            int expected = way.received().get();
            if (!isSignal(frame, way, expected)) {
                surprises.add(frame + " instead of number " + expected);
                return;
            }
            Duration took = Duration.ofNanos(System.nanoTime() - way.saidAt().remove());
            if (took.compareTo(PATIENCE) > 0) {
                surprises.add("number " + expected + " after " + took);
            }
            way.received().incrementAndGet();
            frame = way.to().hear();
        }
    }

    private static boolean isSignal(JsonNode frame, Way way, int number) {
        return frame.path("type").asString("").equals("direct")
                && frame.path("from").asString("").equals(way.from().peerId())
                && frame.path("data").toString().equals(Integer.toString(number));
    }

    /** Ends the exchange; fails if a signal was lost, doubled, late, or out of order. */
    @Override
    public void close() throws InterruptedException {
        isEnding = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            thread.join();
        }
        ways.forEach(way -> way.from().close());
        assertThat(surprises).as("what the healthy pair did not expect").isEmpty();
        for (Way way : ways) {
            assertThat(way.received().get()).isPositive().isEqualTo(way.sent().get());
        }
    }
}
