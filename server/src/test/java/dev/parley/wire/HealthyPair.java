// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Two clients that say 50 numbered signals a second to each other while something else goes on. Each has to arrive
 * once, in order and within {@link #PATIENCE}. They come from an address of their own.
 */
public final class HealthyPair implements AutoCloseable {

    /** Longer than a busy machine needs, and shorter than anyone waits for a call. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long PAUSE_NANOS = 20_000_000;
    private static final int LAST = -1;
    private static final String ADDRESS = "127.0.0.200";

    private final List<Way> ways;
    private final Thread talking;
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private volatile boolean isEnding;

    /** Two clients of v1 that bring this query, {@code key=...} or {@code token=...}. */
    public static HealthyPair ofV1(int port, String query) {
        RawClient one = RawClient.from(ADDRESS, port).upgrade("/v1?" + query);
        RawClient other = RawClient.from(ADDRESS, port).upgrade("/v1?" + query);
        String id = peerId(one.read());
        String otherId = peerId(other.read());
        return new HealthyPair(
                new Way(one, other, number -> sent(otherId, number), number -> direct(id, number)),
                new Way(other, one, number -> sent(id, number), number -> direct(otherId, number)));
    }

    /** Two clients of the minimal protocol, where no v1 is served. */
    static HealthyPair ofMinimal(int port, String room) {
        RawClient one = RawClient.from(ADDRESS, port).upgrade(room);
        assertThat(one.read()).contains("welcome");
        RawClient other = RawClient.from(ADDRESS, port).upgrade(room);
        assertThat(other.read()).contains("welcome");
        assertThat(one.read()).contains("ready");
        return new HealthyPair(
                new Way(one, other, Integer::toString, number -> "text " + number),
                new Way(other, one, Integer::toString, number -> "text " + number));
    }

    private HealthyPair(Way... ways) {
        this.ways = List.of(ways);
        for (Way way : ways) {
            way.listening = Thread.ofPlatform().start(() -> listen(way));
        }
        talking = Thread.ofPlatform().start(this::talk);
    }

    private static String peerId(String welcome) {
        assertThat(welcome).startsWith("text {\"type\":\"welcome\",\"peerId\":\"");
        return welcome.replaceFirst(".*\"peerId\":\"", "").replaceFirst("\".*", "");
    }

    private static String sent(String to, int number) {
        return "{\"type\":\"send\",\"to\":\"" + to + "\",\"data\":" + number + "}";
    }

    private static String direct(String from, int number) {
        return "text {\"type\":\"direct\",\"from\":\"" + from + "\",\"data\":" + number + "}";
    }

    /** From one to the other. */
    private static final class Way {

        final RawClient from;
        final RawClient to;
        final IntFunction<String> said;
        final IntFunction<String> heard;
        final Queue<Long> saidAt = new ConcurrentLinkedQueue<>();
        final AtomicInteger received = new AtomicInteger();
        int sent;
        Thread listening = Thread.currentThread();

        Way(RawClient from, RawClient to, IntFunction<String> said, IntFunction<String> heard) {
            this.from = from;
            this.to = to;
            this.said = said;
            this.heard = heard;
        }
    }

    private void talk() {
        try {
            do {
                for (Way way : ways) {
                    way.saidAt.add(System.nanoTime());
                    way.from.text(way.said.apply(way.sent++));
                }
                LockSupport.parkNanos(PAUSE_NANOS); // the pace of the clients, not a wait for anything
            } while (!isEnding);
            for (Way way : ways) {
                way.from.text(way.said.apply(LAST));
            }
        } catch (UncheckedIOException e) {
            surprises.add(e.toString());
        }
    }

    private void listen(Way way) {
        String frame = way.to.read();
        while (!frame.equals(way.heard.apply(LAST))) {
            if (frame.startsWith("ping")) {
                way.to.answer(frame);
            } else if (!frame.equals(way.heard.apply(way.received.get()))) {
                surprises.add(frame + " instead of number " + way.received.get());
                return;
            } else {
                Duration took = Duration.ofNanos(System.nanoTime() - way.saidAt.remove());
                if (took.compareTo(PATIENCE) > 0) {
                    surprises.add("number " + way.received.get() + " after " + took);
                }
                way.received.incrementAndGet();
            }
            frame = way.to.read();
        }
    }

    /** Ends the exchange; fails if a signal was lost, doubled, late, or out of order. */
    @Override
    public void close() throws InterruptedException {
        isEnding = true;
        LockSupport.unpark(talking);
        talking.join();
        for (Way way : ways) {
            way.listening.join();
        }
        ways.forEach(way -> way.from.close());
        assertThat(surprises).as("what the healthy pair did not expect").isEmpty();
        for (Way way : ways) {
            assertThat(way.received.get()).isPositive().isEqualTo(way.sent);
        }
    }
}
