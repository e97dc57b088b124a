// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of clients at once, of which many have no business here, against the server with 256 MiB of heap. */
class CrowdTest {

    private static final int OFFERED = 10_000;
    private static final int AT_ONCE = 200;
    private static final int FAILURES_A_MINUTE = 60;
    private static final long MAX_GROWTH_MEBIBYTES = 96;

    /** What the server may have opened for itself meanwhile. */
    private static final int OWN_FILES = 10;

    private static ServerProcess server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("parley.yaml"), """
                apps:
                  - id: demo
                    publishableKeys:
                      - {id: pk_good, channels: ["**"], actions: [subscribe, publish, presence, send]}
                minimal: {enabled: true, origins: ["*"]}
                limits: {failuresPerMinutePerIp: %d}
                log: {level: warn}
                """.formatted(FAILURES_A_MINUTE));
        server = Built.start(List.of("-Xmx256m"), List.of("--config", file.toString()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @Timeout(120)
    void allGoodOnesAreAdmittedAmongAsManyBadOnesAndNoneOfTheBadLeavesATrace() throws Exception {
        atOnce(
                OFFERED / 2,
                i -> welcomed(address(4, i)).close()); // a server that has not yet worked grows by its own code
        long filesBefore = server.openFiles();
        long before = server.residentMebibytes();
        Queue<RawClient> good = new ConcurrentLinkedQueue<>();
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        try (HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk_good")) {
            long begin = System.nanoTime();
            atOnce(OFFERED, i -> {
                if (i % 2 == 0) {
                    good.add(welcomed(address(1, i)));
                } else {
                    answers.add(refused(address(2, i)));
                }
            });
            System.err.printf(
                    "%d connections offered in %d ms, %d MiB grew by %d%n",
                    OFFERED,
                    Duration.ofNanos(System.nanoTime() - begin).toMillis(),
                    before,
                    server.residentMebibytes() - before);

            assertThat(good).hasSize(OFFERED / 2);
            assertThat(answers).hasSize(OFFERED / 2).containsOnly("close 4001 invalid_token");
            assertThat(server.residentMebibytes() - before).isLessThanOrEqualTo(MAX_GROWTH_MEBIBYTES);
            assertThat(server.openFiles()).isLessThan(filesBefore + OFFERED / 2 + AT_ONCE);
        }
        for (RawClient client : good) {
            client.text("{\"type\":\"ping\"}");
        }
        for (RawClient client : good) {
            assertThat(client.read()).isEqualTo("text {\"type\":\"pong\"}");
            client.reset();
        }
        while (server.openFiles() > filesBefore + OWN_FILES) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anAddressThatBringsBadCredentialsIsHeardWithAGoodPublishableKeyOnlyAndOthersAreHeard() throws Exception {
        InetAddress attacker = InetAddress.getByName("127.3.0.1");
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        try (HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk_good")) {
            atOnce(500, i -> answers.add(refused(attacker)));

            assertThat(answers).hasSize(500).containsOnly("close 4001 invalid_token", "HTTP/1.1 429 Too Many Requests");
            // Guesses that were under way when the last was counted were heard too, and a second earns one more.
            assertThat(answers.stream().filter(answer -> answer.startsWith("close")))
                    .hasSizeBetween(FAILURES_A_MINUTE, FAILURES_A_MINUTE + AT_ONCE + 20);
            String answer = refused(attacker);
            for (int i = 0; i < 20 && !answer.startsWith("HTTP"); i++) { // a slow run has earned some more
                answer = refused(attacker);
            }
            assertThat(answer).isEqualTo("HTTP/1.1 429 Too Many Requests");
            welcomed(attacker).close(); // its key is no secret
            welcomed(InetAddress.getByName("127.3.0.2")).close();
        }
    }

    private static RawClient welcomed(InetAddress from) {
        RawClient client = RawClient.tcp(server.port(), from).upgrade("/v1?key=pk_good");
        assertThat(client.read()).startsWith("text {\"type\":\"welcome\"");
        return client;
    }

    private static String refused(InetAddress from) {
        return offered(from, "pk_guess_" + System.nanoTime());
    }

    /** The first line of a refusal, or what the first frame is. */
    private static String offered(InetAddress from, String key) {
        try (RawClient client = RawClient.tcp(server.port(), from)) {
            client.send(RawClient.handshake("/v1?key=" + key, "Host: localhost"));
            String head = client.readHead();
            return head.startsWith("HTTP/1.1 101 ")
                    ? client.read()
                    : head.lines().findFirst().orElse("");
        }
    }

    /** One of a hundred addresses of this block. */
    private static InetAddress address(int block, int i) {
        try {
            return InetAddress.getByAddress(new byte[] {127, (byte) block, 0, (byte) (1 + i / 2 % 100)});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void atOnce(int count, IntConsumer step) throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                places.acquire();
                threads.execute(() -> {
                    try {
                        step.accept(number);
                    } catch (Throwable e) {
                        failures.add(e);
                    } finally {
                        places.release();
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(failures).isEmpty();
    }
}
