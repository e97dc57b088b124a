// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which names are remembered. */
class RecentNamesTest {

    private static final int MOST = 10;

    private final RecentNames<Integer> names = new RecentNames<>(MOST);

    @Test
    void ofNamesThatCostTheSameThoseUsedLastAreKnown() {
        put(0, 1);
        for (int number = 1; number <= 3 * MOST; number++) {
            put(number, 1);
            assertThat(names.get("0")).isEqualTo(0);
        }
        for (int number = 1; number <= 3 * MOST; number++) {
            boolean isRecent = number > 3 * MOST - (MOST - 1);
            assertThat(names.get(Integer.toString(number)))
                    .as("name %d", number)
                    .isEqualTo(isRecent ? number : null);
        }
    }

    @Test
    void aNameThatIsExpensiveStaysUntilCheapOnesHaveCostAsMuch() {
        put(0, 100);
        int cheap = 1;
        for (; cheap <= 50 * MOST; cheap++) {
            put(cheap, 1);
        }
        assertThat(names.get("0")).isEqualTo(0);
        for (; cheap <= 250 * MOST; cheap++) {
            put(cheap, 1);
        }
        assertThat(names.get("0")).isNull();
    }

    @Test
    void whatIsKnownIsReplaced() {
        put(0, 1);
        names.put("0", 7, 5);
        assertThat(names.get("0")).isEqualTo(7);
    }

    private void put(int number, long cost) {
        names.put(Integer.toString(number), number, cost);
    }
}
