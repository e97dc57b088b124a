// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AddressShareTest {

    private static final int LIMIT = 1000;

    @Test
    void oneAddressAloneHoldsHalfOfTheLimit() {
        assertThat(take(LIMIT, 1)).containsExactly(500);
        assertThat(take(LIMIT + 1, 1)).containsExactly(501);
    }

    @Test
    void addressesThatComeOneAfterTheOtherAlwaysLeaveAPlaceToTheNext() {
        long total = 0;
        for (int address = 0; address < 9; address++) {
            long held = 0;
            while (AddressShare.allows(LIMIT, total, held)) {
                held++;
                total++;
            }
            assertThat(held).as("address %d", address).isPositive();
        }
        assertThat(total).isLessThan(LIMIT);
    }

    @Test
    void addressesThatTakeInTurnsHoldEqualSharesAndLeaveOneMore() {
        assertThat(take(LIMIT, 3)).containsExactly(250, 250, 250);
        assertThat(take(LIMIT, 9)).containsOnly(100);
    }

    @Test
    void addressesOfOneEachFillTheLimit() {
        assertThat(take(LIMIT, LIMIT + 5)).startsWith(1, 1, 1).endsWith(0, 0, 0, 0, 0);
    }

    @Test
    void whileLessThanHalfIsHeldNobodyIsRefused() {
        assertThat(AddressShare.allows(LIMIT, 499, 499)).isTrue();
        assertThat(AddressShare.allows(LIMIT, 500, 500)).isFalse();
        assertThat(AddressShare.allows(LIMIT, 500, 499)).isTrue();
    }

    @Test
    void aSmallLimitIsNotShared() {
        assertThat(take(AddressShare.SMALL_LIMIT, 1)).containsExactly(AddressShare.SMALL_LIMIT);
        assertThat(take(AddressShare.SMALL_LIMIT + 1, 1)).containsExactly(9);
    }

    /** What so many addresses hold that take one by one, in turns, until nothing is left for them. */
    private static int[] take(int limit, int addresses) {
        int[] held = new int[addresses];
        boolean isAnyTaken = true;
        while (isAnyTaken) {
            isAnyTaken = false;
            for (int i = 0; i < addresses; i++) {
                if (AddressShare.allows(limit, Arrays.stream(held).sum(), held[i])) {
                    held[i]++;
                    isAnyTaken = true;
                }
            }
        }
        return held;
    }
}
