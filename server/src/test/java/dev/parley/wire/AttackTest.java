// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * One client against the server with 256 MiB of heap: it is closed within 15 s, the server grows by at most 64 MiB, and
 * a healthy pair notices nothing. Such attacks kill a stock pipeline of the same library in seconds.
 */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bounds are of seconds
class AttackTest {

    private static final long MAX_GROWTH_MEBIBYTES = 64;
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(15);
    private static final int BATCH = 500;
    private static final int OVERSIZE_AT_ONCE = 16;
    private static final int OVERSIZE_ROUNDS = 20;

    private static ServerProcess server;

    @BeforeAll
    static void startAndWarmUp() throws InterruptedException {
        server = Built.start("-Xmx256m");
        byte[] message = new byte[1000];
        for (int round = 0; round < 300; round++) {
            RawClient first = RawClient.open(server.port(), "/minimal/warm" + round);
            RawClient second = RawClient.open(server.port(), "/minimal/warm" + round);
            for (int i = 0; i < 100; i++) { // no more than may be sent at once
                first.binary(message);
            }
            for (int i = 0; i < 100; i++) {
                second.read();
            }
            first.close();
            second.close();
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void pingsAsFastAsPossibleWithoutReading() throws InterruptedException {
        byte[] pings = repeat(RawClient.frame(0x89, new byte[125]));
        attack("ping", client -> flood(client, pings));
    }

    @Test
    void pongsAsFastAsPossible() throws InterruptedException {
        byte[] pongs = repeat(RawClient.frame(0x8A, new byte[125]));
        attack("pong", client -> flood(client, pongs));
    }

    @Test
    void aFragmentThenEmptyContinuationsForEver() throws InterruptedException {
        byte[] continuations = repeat(RawClient.frame(0x00, new byte[0]));
        attack("fragments", client -> {
            client.send(RawClient.frame(0x01, new byte[] {'x'}));
            flood(client, continuations);
        });
    }

    @Test
    void aSilentSocketAndHalfAHeader() throws InterruptedException {
        attack("silent", client -> {
            RawClient silent = RawClient.tcp(server.port());
            RawClient half = RawClient.tcp(server.port());
            half.send("GET / HTTP/1.1\r\nHost: localhost\r\nUpgr");
            silent.readAll();
            half.readAll();
        });
    }

    @Test
    void messagesAsFastAsPossibleToAPeerThatDoesNotRead() throws InterruptedException {
        byte[] messages = repeat(RawClient.frame(0x82, new byte[60_000])); // a burst is more than the deaf one may miss
        attack("flood", client -> {
            RawClient deaf = RawClient.open(server.port(), "/minimal/flood");
            Thread flooding = Thread.ofPlatform().start(() -> flood(client, messages));
            // The next one is let in only when the deaf one was given up.
            Pair.joinOnceThereIsRoom(server.port(), "/minimal/flood", "text {\"type\":\"welcome\",\"polite\":true}")
                    .close();
            deaf.close();
            client.reset();
            join(flooding);
        });
    }

    @Test
    void requestsBeyondEveryLimitInNumbers() throws InterruptedException {
        List<RawRequest> requests = RawRequest.large().stream()
                .filter(request -> request.statuses().startsWith("4"))
                .toList();
        attack("oversize", client -> {
            List<Thread> threads = new ArrayList<>();
            Queue<String> wrong = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < OVERSIZE_AT_ONCE; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int round = 0; round < OVERSIZE_ROUNDS; round++) {
                        requests.forEach(request -> refused(request, wrong));
                    }
                }));
            }
            threads.forEach(AttackTest::join);
            assertThat(wrong).isEmpty();
        });
    }

    private static void refused(RawRequest request, Queue<String> wrong) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request.bytes());
            String answer = client.readAll();
            if (!answer.startsWith("HTTP/1.1 " + request.statuses() + " ")) {
                wrong.add(request + ": " + answer);
            }
        }
    }

    private static void attack(String room, Attack attack) throws InterruptedException {
        long before = server.residentMebibytes();
        long peak = before;
        RawClient client = RawClient.open(server.port(), "/minimal/" + room);
        long begin = System.nanoTime();
        Duration took;
        try (HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk_live_demo")) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread attacking = Thread.ofPlatform()
                    .uncaughtExceptionHandler((it, e) -> failure.set(e))
                    .start(() -> attack.run(client));
            while (attacking.isAlive()) {
                attacking.join(Duration.ofMillis(20));
                peak = Math.max(peak, server.residentMebibytes());
            }
            took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(failure.get()).isNull();
        }
        System.err.printf("%s: closed after %d ms, %d MiB grew by %d%n", room, took.toMillis(), before, peak - before);

        assertThat(server.isAlive()).isTrue();
        assertThat(took).isLessThan(CLOSED_WITHIN);
        assertThat(peak - before).isLessThanOrEqualTo(MAX_GROWTH_MEBIBYTES);
    }

    /** Sends until the server ends the connection, without reading. */
    private static void flood(RawClient client, byte[] bytes) {
        try {
            while (true) {
                client.send(bytes);
            }
        } catch (UncheckedIOException e) {
            // closed, as it should be
        }
    }

    private static byte[] repeat(byte[] frame) {
        ByteBuffer many = ByteBuffer.allocate(frame.length * BATCH);
        for (int i = 0; i < BATCH; i++) {
            many.put(frame);
        }
        return Arrays.copyOf(many.array(), many.position());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private interface Attack {
        void run(RawClient client);
    }
}
