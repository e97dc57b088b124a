// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final int LIMIT = 2_000_000;
    private static final int LARGE = 100_000;

    private final MemoryBudget budget = new MemoryBudget(LIMIT);
    private final AppMemory red = budget.share();
    private final AppMemory blue = budget.share();
    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<Long> closed = new ArrayList<>();
    private long connections;

    @Test
    void aFrameThatWaitsForManyReceiversCountsOnce() {
        Frame frame = frame(LARGE);
        List<Holding> receivers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            receivers.add(holding(red));
        }
        receivers.forEach(it -> it.add(frame));

        assertThat(budget.used()).isBetween((long) LARGE, LARGE + 2_000L);
        receivers.forEach(it -> it.remove(frame));
        assertThat(budget.used()).isZero();
        assertThat(red.used()).isZero();
    }

    @Test
    void oneAppMayHoldHalfAndLeavesRoomForAnother() {
        Holding ofRed = holding(red);
        while (ofRed.mayHold(LARGE)) {
            ofRed.add(frame(LARGE));
        }

        assertThat(red.used()).isBetween(LIMIT / 2L - LARGE, LIMIT / 2L + LARGE);
        Holding ofBlue = holding(blue);
        while (ofBlue.mayHold(LARGE)) {
            ofBlue.add(frame(LARGE));
        }
        assertThat(blue.used()).isGreaterThan(LIMIT / 3L - 2 * LARGE);
    }

    @Test
    void anAppAboveItsShareLosesItsLargestSessionWhereASmallOneNeedsRoom() {
        Holding largest = holding(red);
        Holding large = holding(red);
        large.add(frame(LARGE));
        while (largest.mayHold(LARGE)) {
            largest.add(frame(LARGE));
        }

        holding(red).add(frame(AppMemory.SMALL)); // now it holds more than half
        holding(red).add(frame(AppMemory.SMALL));

        assertThat(holding(red).mayHold(1_000)).isTrue();
        while (!loop.isIdle()) {
            loop.runNext();
        }
        assertThat(closed).containsExactly(1L);
    }

    @Test
    void aSessionThatHoldsLittleIsNeverEndedForOthers() {
        for (int i = 0; i < 40; i++) {
            Holding small = holding(red);
            if (small.mayHold(50_000)) {
                small.add(frame(50_000));
            }
        }

        assertThat(loop.isIdle()).isTrue();
        assertThat(budget.used()).isLessThanOrEqualTo(LIMIT);
    }

    private Frame frame(int bytes) {
        return frames.text(TextPayload.of("x".repeat(bytes)));
    }

    private Holding holding(AppMemory app) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {}) {
            @Override
            public void close(CloseCode code) {
                closed.add(id());
            }
        };
        return new Holding(app, connection);
    }
}
