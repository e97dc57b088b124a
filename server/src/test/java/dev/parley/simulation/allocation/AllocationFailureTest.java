// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.session.DeliveryTurns;
import dev.parley.simulation.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every allocation of a conversation fails once: frames, alone and several in a row, posted tasks and timers. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class AllocationFailureTest {

    private static final int LEAST = 100;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void whateverFailsEachAcknowledgedSignalIsDeliveredOrReportedAndNothingRemains(int framesInARow) {
        failEach(framesInARow, () -> DeliveryTurns.ofLoops(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theSameHoldsWhereSignalsForTwoWaitForTheirTurn(int framesInARow) {
        failEach(framesInARow, Terms::twoAreMany);
    }

    private static void failEach(int framesInARow, Supplier<DeliveryTurns> turns) {
        boolean isFailing = AllocationConversation.run(Long.MAX_VALUE, framesInARow, turns.get());
        assertThat(isFailing).isFalse(); // holds where nothing fails
        List<String> broken = new ArrayList<>();
        long failing = 1;
        boolean isReached = true;
        while (isReached) {
            try {
                isReached = AllocationConversation.run(failing, framesInARow, turns.get());
            } catch (AssertionError e) {
                broken.add(e.getMessage());
            }
            failing++;
        }

        assertThat(failing).isGreaterThan(LEAST);
        assertThat(broken).isEmpty();
    }
}
