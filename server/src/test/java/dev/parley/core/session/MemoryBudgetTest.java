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
        List<HeldMessages> receivers = new ArrayList<>();
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
        HeldMessages ofRed = holding(red);
        while (ofRed.mayHold(LARGE)) {
            ofRed.add(frame(LARGE));
        }

        assertThat(red.used()).isBetween(LIMIT / 2L - LARGE, LIMIT / 2L + LARGE);
        for (int address = 0; address < 4; address++) {
            HeldMessages ofBlue = holding(blue, address);
            while (ofBlue.mayHold(10_000)) {
                ofBlue.add(frame(10_000));
            }
        }
        assertThat(blue.used()).isGreaterThan(LIMIT / 3L / 5 * 4 - 100_000);
    }

    @Test
    void oneAddressMayHoldHalfOfTheShareOfItsAppAndLeavesRoomForAnother() {
        HeldMessages ofBlue = holding(blue);
        ofBlue.add(frame(LIMIT / 2));
        HeldMessages hostile = holding(red, "hostile");
        while (hostile.mayHold(LARGE)) {
            hostile.add(frame(LARGE));
        }

        assertThat(red.used()).isBetween(LIMIT / 6L - LARGE, LIMIT / 6L);
        assertThat(holding(red, "other").mayHold(LARGE)).isTrue();
        assertThat(closed).isEmpty();
    }

    @Test
    void anAddressWithManySmallSessionsLosesTheLargestOfThemWhereAnotherAddressNeedsItsShare() {
        int small = AddressMemory.SMALL - 1_000;
        long first = connections + 1;
        while (budget.used() + small <= LIMIT) {
            HeldMessages hostile = holding(red, "hostile");
            if (hostile.mayHold(small)) {
                hostile.add(frame(small));
            }
        }
        long last = connections;

        HeldMessages honest = holding(red, "honest");
        honest.add(frame(AddressMemory.SMALL));
        assertThat(honest.mayHold(20_000)).isTrue();
        runLoop();
        assertThat(closed).hasSize(1).allSatisfy(it -> assertThat(it).isBetween(first, last));
    }

    @Test
    void anAppAboveItsShareLosesItsLargestSessionWhereASmallOneNeedsRoom() {
        HeldMessages largest = holding(red);
        HeldMessages large = holding(red);
        large.add(frame(LARGE));
        while (largest.mayHold(LARGE)) {
            largest.add(frame(LARGE));
        }

        holding(red).add(frame(AddressMemory.SMALL)); // now it holds more than half
        holding(red).add(frame(AddressMemory.SMALL));

        assertThat(holding(red).mayHold(1_000)).isTrue();
        runLoop();
        assertThat(closed).containsExactly(1L);
    }

    @Test
    void aSessionThatHoldsLittleIsNeverEndedForOthers() {
        for (int i = 0; i < 40; i++) {
            HeldMessages small = holding(red);
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

    private void runLoop() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }

    private HeldMessages holding(AppMemory app) {
        return holding(app, "address");
    }

    private HeldMessages holding(AppMemory app, Object address) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {}) {
            @Override
            public void close(CloseCode code) {
                closed.add(id());
            }
        };
        return new HeldMessages(app.of(address), connection);
    }
}
