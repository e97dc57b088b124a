// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.session.DeliveryTurns;
import dev.parley.simulation.SimulatedLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order apps apply what was decided, while names are compared with patterns for long. */
class DecisionQueueTest {

    private static final long MUCH = 100_000;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final DeliveryTurns turns = DeliveryTurns.ofLoops(1);
    private final List<String> applied = new ArrayList<>();
    private long compared;
    private final DecisionQueue slow = new DecisionQueue(turns.ofApp(), loop, this::takeCompared);
    private final DecisionQueue other = new DecisionQueue(turns.ofApp(), loop, () -> 0);

    @Test
    void anAppWhoseNamesAreComparedForLongLetsOthersGoOn() {
        apply(slow, "a1", MUCH);
        apply(slow, "a2", MUCH);
        apply(slow, "a3", 0);
        apply(other, "b1", 0);
        apply(other, "b2", 0);
        assertThat(applied).containsExactly("a1", "b1", "b2");

        runAll();
        assertThat(applied).containsExactly("a1", "b1", "b2", "a2", "a3");
    }

    @Test
    void betweenTwoLongComparisonsTheLoopDoesWhatWasPosted() {
        apply(slow, "a1", MUCH);
        apply(slow, "a2", MUCH);
        apply(slow, "a3", MUCH);
        loop.post(() -> applied.add("posted"));
        runAll();
        assertThat(applied).containsExactly("a1", "a2", "posted", "a3");
    }

    @Test
    void whatIsLostMeanwhileIsAppliedAtOnceAndWhatFollowsGoesOn() {
        apply(slow, "a1", MUCH);
        apply(slow, "a2", MUCH);
        slow.applyAll();
        assertThat(applied).containsExactly("a1", "a2");

        apply(slow, "a3", 0);
        runAll();
        assertThat(applied).containsExactly("a1", "a2", "a3");
    }

    @Test
    void aFailureKeepsNothingBack() {
        apply(slow, "a1", MUCH);
        slow.apply(() -> {
            throw new IllegalStateException("planted");
        });
        apply(slow, "a2", 0);
        while (!loop.isIdle()) {
            try {
                loop.runNext();
            } catch (IllegalStateException e) {
                applied.add(e.getMessage());
            }
        }
        assertThat(applied).containsExactly("a1", "planted", "a2");
    }

    private void apply(DecisionQueue queue, String name, long steps) {
        queue.apply(() -> {
            applied.add(name);
            compared += steps;
        });
    }

    private long takeCompared() {
        long taken = compared;
        compared = 0;
        return taken;
    }

    private void runAll() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
