// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private static final long TICK = TimerWheel.TICK_NANOS;

    private final TimerWheel wheel = new TimerWheel();
    private final List<Deadline> fired = new ArrayList<>();
    private long now;

    @Test
    void everyDeadlineFiresOnceNeverEarlyAndAtMostATickLate() {
        Random random = new Random(4);
        List<Deadline> deadlines = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Deadline deadline = new Deadline();
            deadline.due = (long) (random.nextDouble() * 500 * TICK); // up to twice around the wheel
            wheel.set(deadline, deadline.due);
            deadlines.add(deadline);
        }
        for (now = 0; now <= 502 * TICK; now += TICK) {
            wheel.turn(now);
        }

        assertThat(fired).hasSameSizeAs(deadlines).containsExactlyInAnyOrderElementsOf(deadlines);
        assertThat(fired).allSatisfy(it -> assertThat(it.firedAt - it.due).isBetween(0L, TICK));
        assertThat(wheel.size()).isZero();
    }

    @Test
    void aMovedDeadlineFiresAtItsNewTimeOnly() {
        Deadline deadline = new Deadline();
        wheel.set(deadline, 4 * TICK);
        wheel.set(deadline, 20 * TICK);
        turnTo(10);
        assertThat(fired).isEmpty();
        wheel.advanceTo(deadline, 12 * TICK);
        wheel.advanceTo(deadline, 19 * TICK);
        turnTo(13);

        assertThat(fired).containsExactly(deadline);
        turnTo(40);
        assertThat(fired).hasSize(1);
    }

    @Test
    void aCancelledDeadlineNeverFires() {
        Deadline deadline = new Deadline();
        wheel.set(deadline, 2 * TICK);
        wheel.cancel(deadline);
        wheel.cancel(deadline);
        turnTo(10);

        assertThat(fired).isEmpty();
        assertThat(wheel.size()).isZero();
    }

    @Test
    void deadlinesMaySetAndCancelOthersOfTheSameTickWhileTheyFire() {
        Deadline first = new Deadline();
        Deadline second = new Deadline();
        first.onFire = () -> wheel.cancel(second);
        second.onFire = () -> wheel.cancel(first);
        wheel.set(first, 3 * TICK);
        wheel.set(second, 3 * TICK);
        turnTo(10);

        assertThat(fired).hasSize(1);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void aLongPauseFiresWhatFellDueInIt() {
        Deadline soon = new Deadline();
        Deadline late = new Deadline();
        wheel.set(soon, 5 * TICK);
        wheel.set(late, 3_000 * TICK);
        turnTo(2_000);
        assertThat(fired).containsExactly(soon);
        turnTo(3_001);

        assertThat(fired).containsExactly(soon, late);
    }

    @Test
    void drainingSpreadsAThousandEvenly() {
        List<Deadline> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Deadline deadline = new Deadline();
            wheel.set(deadline, i * TICK);
            all.add(deadline);
        }
        wheel.drain(7, 5_000);

        assertThat(all.stream().map(it -> it.drainedAt).sorted())
                .containsExactlyElementsOf(
                        LongStream.range(0, 1_000).map(i -> 7 + 5 * i).boxed().toList());
    }

    @Test
    void drainingTellsEachOnceAtTimesSpreadEvenlyAndWhoeverSetsItselfStaysIn() {
        Deadline stays = new Deadline();
        Deadline goes = new Deadline();
        stays.onDrain = () -> wheel.set(stays, 200 * TICK);
        wheel.set(stays, 100 * TICK);
        wheel.set(goes, 100 * TICK);
        wheel.drain(7, 10);

        assertThat(wheel.size()).isEqualTo(1);
        assertThat(List.of(stays.drainedAt, goes.drainedAt)).containsExactlyInAnyOrder(7L, 12L);
        turnTo(201);
        assertThat(fired).containsExactly(stays);
    }

    private void turnTo(long tick) {
        now = tick * TICK;
        wheel.turn(now);
    }

    private final class Deadline extends TimerWheel.Entry {

        private long due;
        private long firedAt;
        private Runnable onFire = () -> {};
        private Runnable onDrain = () -> {};
        private long drainedAt = -1;

        @Override
        void due(long time) {
            firedAt = time;
            fired.add(this);
            onFire.run();
        }

        @Override
        void drain(long at) {
            assertThat(drainedAt).isEqualTo(-1);
            drainedAt = at;
            onDrain.run();
        }
    }

    @Test
    void aDeadlineThatFailsTakesNoOtherWithIt() {
        Deadline failing = new Deadline();
        Deadline other = new Deadline();
        failing.onFire = () -> {
            throw new AssertionError("planted"); // no RuntimeException, like an OutOfMemoryError
        };
        wheel.set(failing, 3 * TICK);
        wheel.set(other, 3 * TICK);
        turnTo(10);

        assertThat(fired).containsExactlyInAnyOrder(failing, other);
        assertThat(wheel.size()).isZero();
    }
}
