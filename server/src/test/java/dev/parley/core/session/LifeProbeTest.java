// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.simulation.SimulatedLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifeProbeTest {

    private final SimulatedLoop loop = new SimulatedLoop();
    private int answers;
    private int deadlines;
    private final LifeProbe probe = new LifeProbe(loop, Duration.ofSeconds(10), () -> answers++);

    @Test
    void itIsAnsweredOnce() {
        probe.answer();
        probe.answer();

        assertThat(answers).isEqualTo(1);
    }

    @Test
    void theDeadlineCountsFromTheQuestion() {
        pass(7);
        probe.atDeadline(() -> deadlines++);
        pass(2);
        assertThat(deadlines).isZero();
        pass(1);

        assertThat(deadlines).isEqualTo(1);
    }

    @Test
    void afterTheAnswerThereIsNoDeadline() {
        probe.atDeadline(() -> deadlines++);
        probe.answer();
        probe.atDeadline(() -> deadlines++);
        pass(20);

        assertThat(deadlines).isZero();
        assertThat(loop.isWaiting()).isFalse();
    }

    private void pass(int seconds) {
        loop.advance(Duration.ofSeconds(seconds));
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
