// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FairSharesTest {

    private final FairShares shares = new FairShares(1000);

    @Test
    void belowHalfAHolderMayTakeAnyAmount() {
        assertThat(shares.take("a", 500)).isTrue();
        assertThat(shares.total()).isEqualTo(500);
    }

    @Test
    void aboveHalfAHolderMayNotTakeMoreThanItsShare() {
        shares.take("a", 500);

        assertThat(shares.take("a", 1)).isFalse();
        assertThat(shares.total()).isEqualTo(500);
    }

    @Test
    void whoHoldsNothingGetsItsShareHoweverMuchOthersHold() {
        shares.take("a", 500);

        assertThat(shares.take("b", 333)).isTrue();
        assertThat(shares.take("c", 250)).isTrue();
        assertThat(shares.take("d", 200)).isFalse(); // beyond all there is
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() {
        shares.take("a", 500);
        shares.give("a", 500);

        assertThat(shares.take("b", 500)).isTrue();
        assertThat(shares.take("a", 400)).isTrue(); // the share of one of two
    }
}
