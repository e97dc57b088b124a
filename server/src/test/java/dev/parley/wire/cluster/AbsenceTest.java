// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of signals between two servers while Redis is away: each is acknowledged and arrives, or is refused. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bounds are of seconds
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class AbsenceTest {

    private static final int ABSENCES = Integer.getInteger("cluster.absences", 1);
    private static final Duration AWAY = Duration.ofMillis(Integer.getInteger("cluster.awayMillis", 3000));
    private static final int PAIRS = 20;
    private static final Duration CALM = Duration.ofSeconds(1);

    /** Within 5 s everything is back; the rest is for a busy machine. */
    private static final Duration RETURN = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Servers servers;
    private List<SendingPair> pairs;

    @BeforeEach
    void start() {
        servers = Servers.start(folder, 2);
        pairs = IntStream.range(0, PAIRS)
                .mapToObj(number -> new SendingPair(servers, number))
                .toList();
    }

    @AfterEach
    void stop() {
        pairs.forEach(SendingPair::close);
        servers.close();
    }

    @Test
    void whileRedisStandsStillNoSignalIsLostSilently() throws InterruptedException {
        undergo("Redis still", () -> servers.signalRedis("STOP"), () -> servers.signalRedis("CONT"));
    }

    @Test
    void whileRedisIsGoneNoSignalIsLostSilently() throws InterruptedException {
        undergo("Redis gone", this::endRedis, () -> servers.startRedis());
    }

    /** What Redis has acknowledged and the other server has not read when it ends is lost: docs/scaling.md. */
    private void endRedis() {
        pairs.forEach(pair -> pair.rest(true));
        assertThat(await(RETURN, SendingPair::isSettled)).isTrue();
        servers.endRedis();
        pairs.forEach(pair -> pair.rest(false));
    }

    private void undergo(String name, Runnable begin, Runnable end) throws InterruptedException {
        for (int absence = 0; absence < ABSENCES; absence++) {
            await(CALM, it -> false);
            begin.run();
            await(AWAY, it -> false);
            end.run();
            long ended = System.nanoTime();
            assertThat(await(RETURN, SendingPair::isServed))
                    .as("signals are acknowledged again")
                    .isTrue();
            System.out.printf("%s for %s: back after %d ms%n", name, AWAY, (System.nanoTime() - ended) / 1_000_000);
        }
        for (SendingPair pair : pairs) {
            pair.end();
        }
        await(RETURN, SendingPair::isSettled);
        System.out.printf(
                "%s: %d signals refused, %d of them received%n",
                name,
                pairs.stream().mapToLong(SendingPair::refused).sum(),
                pairs.stream().mapToLong(SendingPair::refusedAndReceived).sum());
        assertThat(pairs.stream().flatMap(it -> it.faults().stream())).isEmpty();
    }

    /** Waits for so long at most until it is so of all pairs; whether it is. */
    private boolean await(Duration time, Predicate<SendingPair> condition) {
        long end = System.nanoTime() + time.toNanos();
        boolean isSo = pairs.stream().allMatch(condition);
        while (!isSo && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            isSo = pairs.stream().allMatch(condition);
        }
        return isSo;
    }
}
