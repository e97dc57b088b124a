// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Peers enter and leave rooms of three servers at random while a server or Redis fails: no peer is reported as gone
 * that is in the room, and soon the roster of each peer is right.
 */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class ChaosTest {

    private static final int PEERS = Integer.getInteger("cluster.peers", 60);
    private static final int ROOMS = Integer.getInteger("cluster.rooms", 3);
    private static final Duration CALM = Duration.ofMillis(Integer.getInteger("cluster.calmMillis", 1000));

    /** Within 5 s all is right; the rest is for a busy machine. */
    private static final Duration RETURN = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Servers servers;
    private MovingCrowd crowd;

    private record Fault(String name, Runnable begin, Duration length, Runnable end, int dead) {}

    private void start(Map<String, String> environmentOfRedis) {
        servers = Servers.start(folder, 3, environmentOfRedis);
        crowd = new MovingCrowd(servers, PEERS, ROOMS, 1);
    }

    @AfterEach
    void stop() throws InterruptedException {
        crowd.close();
        servers.close();
    }

    @Test
    void everybodyKnowsWhoIsThereAfterEachFailure() {
        start(Map.of());
        for (Fault fault : List.of(
                new Fault("none", () -> {}, Duration.ZERO, () -> {}, -1),
                new Fault("connections to Redis cut", () -> servers.cutConnections(), Duration.ZERO, () -> {}, -1),
                new Fault(
                        "server still for 2 s",
                        () -> servers.signal(1, "STOP"),
                        Duration.ofSeconds(2),
                        () -> servers.signal(1, "CONT"),
                        -1),
                new Fault("Redis restarted", () -> servers.endRedis(), Duration.ZERO, () -> servers.startRedis(), -1),
                new Fault(
                        "server still for 8 s",
                        () -> servers.signal(2, "STOP"),
                        Duration.ofSeconds(8),
                        () -> servers.signal(2, "CONT"),
                        2),
                new Fault(
                        "Redis still for 8 s",
                        () -> servers.signalRedis("STOP"),
                        Duration.ofSeconds(8),
                        () -> servers.signalRedis("CONT"),
                        -1),
                new Fault("Redis emptied", () -> servers.command("FLUSHALL"), Duration.ZERO, () -> {}, -1))) {
            undergo(fault);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "cluster.clock", matches = "|true")
    void theClockOfRedisMayBeSet() {
        SteppedClock clock = new SteppedClock(folder);
        start(clock.environment());
        for (int hours : List.of(1, -1, 1000, 0)) {
            String name = "clock of Redis set " + hours + " hours ahead";
            undergo(new Fault(name, () -> clock.set(Duration.ofHours(hours)), Duration.ZERO, () -> {}, -1));
        }
    }

    private void undergo(Fault fault) {
        crowd.goOn();
        pause(CALM);
        crowd.setDead(fault.dead);
        fault.begin.run();
        pause(fault.length);
        fault.end.run();
        crowd.rest();
        long ended = System.nanoTime();
        assertThat(crowd.awaitTruth(RETURN)).as(fault.name).isEmpty();
        System.out.printf(
                "%s: all is right after %d ms, %d entries so far%n",
                fault.name, (System.nanoTime() - ended) / 1_000_000, crowd.entries());
        assertThat(crowd.faults()).as(fault.name).isEmpty();
        crowd.setDead(-1);
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
