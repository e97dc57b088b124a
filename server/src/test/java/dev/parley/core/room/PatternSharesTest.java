// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatternSharesTest {

    private static final int LIMIT = 200;

    private final PatternShares shares = new PatternShares();

    @Test
    void aLoneClientMayHoldHalf() {
        assertThat(takeAll("here", "alice")).isEqualTo(LIMIT / 2);
    }

    @Test
    void aboveHalfEachClientMayHoldItsEqualShare() {
        takeAll("here", "alice");

        assertThat(takeAll("here", "bob")).isEqualTo(LIMIT / 3); // he, alice, and one that is not here yet
        assertThat(takeAll("here", "carol")).isPositive();
    }

    @Test
    void oneAddressLeavesTheLastEighthToOthersHoweverManyClientsItHas() {
        int taken = 0;
        for (int i = 0; i < 2 * LIMIT; i++) {
            taken += takeAll("here", "client-" + i);
        }
        assertThat(taken).isEqualTo(LIMIT - LIMIT / 8);
        assertThat(takeAll("there", "alice")).isPositive();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        takeAll("here", "alice");
        for (int i = 0; i < LIMIT / 2; i++) {
            shares.give(new PatternOwner("here", "alice"));
        }
        assertThat(takeAll("there", "bob")).isEqualTo(LIMIT / 2);
    }

    @Test
    void aTransferredPatternIsOfTheOtherShare() {
        PatternOwner alice = new PatternOwner("here", "alice");
        takeAll("here", "alice");
        for (int i = 0; i < LIMIT / 2; i++) {
            shares.transfer(alice, new PatternOwner("there", "bob"));
        }
        assertThat(takeAll("there", "bob")).isZero();
        assertThat(takeAll("here", "alice")).isPositive();
    }

    @Test
    void thereAreNeverMoreThanTheLimit() {
        int taken = 0;
        for (int i = 0; i < 2 * LIMIT; i++) {
            taken += takeAll("address-" + i, "alice");
        }
        assertThat(taken).isEqualTo(LIMIT);
    }

    private int takeAll(String group, String peer) {
        int taken = 0;
        while (shares.take(new PatternOwner(group, peer), LIMIT)) {
            taken++;
        }
        return taken;
    }
}
