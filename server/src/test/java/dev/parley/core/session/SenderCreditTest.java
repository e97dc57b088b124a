// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import org.junit.jupiter.api.Test;

class SenderCreditTest {

    private final SimulatedLoop loop = new SimulatedLoop();
    private final SimulatedConnection connection = new SimulatedConnection(1, loop, (client, frame) -> {});
    private final SessionTerms terms = Terms.unlimited();
    private final SenderCredit credit = new SenderCredit(connection, terms);

    @Test
    void aSenderIsReadUntilItsCreditIsUsedUp() {
        credit.spend(terms.creditBytes());
        assertThat(connection.isReadingPaused()).isFalse();
        credit.spend(1);
        assertThat(connection.isReadingPaused()).isTrue();
    }

    @Test
    void itIsReadAgainWhenHalfOfItsCreditIsBack() {
        credit.spend(terms.creditBytes() + 1);
        credit.giveBack(terms.creditBytes() / 2);
        run();
        assertThat(connection.isReadingPaused()).isTrue();
        credit.giveBack(1);
        run();
        assertThat(connection.isReadingPaused()).isFalse();
    }

    @Test
    void readingIsResumedOnceHoweverOftenCreditComesBack() {
        credit.spend(terms.creditBytes() + 100);
        for (int i = 0; i < 100; i++) {
            credit.giveBack(terms.creditBytes() / 100);
        }
        run(); // resuming what is not paused would fail
        assertThat(connection.isReadingPaused()).isFalse();
        credit.spend(terms.creditBytes());
        assertThat(connection.isReadingPaused()).isTrue();
    }

    private void run() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
