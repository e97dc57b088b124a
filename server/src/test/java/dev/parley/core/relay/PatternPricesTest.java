// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import dev.parley.core.room.DecidedRooms;
import dev.parley.core.room.RoomRegistry;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What publishers pay for comparisons with the patterns of all nodes. */
class PatternPricesTest {

    private static final String ROOM = "room";

    private final PatternPrices prices = new PatternPrices(
            "red", new DecidedRooms(new RoomRegistry(() -> name -> Integer.MAX_VALUE)), new NoCoordinator());

    @Test
    void withoutPatternsNothingIsPaid() {
        assertThat(prices.isAny()).isFalse();
        assertThat(prices.charge(ROOM)).isZero();
    }

    @Test
    void aNameIsPaidForOnceWhoeverPublishesToIt() {
        price(100, 10);

        assertThat(prices.isAny()).isTrue();
        assertThat(prices.charge(ROOM)).isEqualTo(100 + 4 * 10);
        assertThat(prices.charge(ROOM)).isZero();
        assertThat(prices.charge("other")).isEqualTo(100 + 5 * 10);
    }

    @Test
    void whatThePriceHasRisenIsPaidOnceAlsoIfItFallsAndRisesAgain() {
        price(100, 0);
        prices.charge(ROOM);
        price(130, 0);
        assertThat(prices.charge(ROOM)).isEqualTo(30);

        price(50, 0);
        assertThat(prices.charge(ROOM)).isZero();
        price(130, 0);
        assertThat(prices.charge(ROOM)).isZero();
    }

    @Test
    void theNamesThatWereUsedLastAreRemembered() {
        price(100, 0);
        prices.charge(ROOM);
        for (int i = 0; i < 2 * DecidedRooms.REMEMBERED; i++) {
            assertThat(prices.charge("other-" + i)).isPositive();
            assertThat(prices.charge(ROOM)).isZero();
        }
        assertThat(prices.charge("other-0")).isPositive();
    }

    @Test
    void namesThatAreCheapDoNotReplaceAnExpensiveOne() {
        price(1, 1000);
        String expensive = "a".repeat(200);
        assertThat(prices.charge(expensive)).isEqualTo(1 + 200 * 1000);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 2 * DecidedRooms.REMEMBERED; i++) {
                assertThat(prices.charge(Integer.toString(i, Character.MAX_RADIX)))
                        .isPositive();
            }
            assertThat(prices.charge(expensive)).isZero();
        }
    }

    private void price(long fixed, long perCharacter) {
        prices.decided(new Outcome.Published(0, fixed, perCharacter));
    }

    /** Nothing is submitted here. */
    private static final class NoCoordinator implements Coordinator {

        @Override
        public String node() {
            return "node";
        }

        @Override
        public void start(Receiver receiver) {}

        @Override
        public Loop loop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int state() {
            return 0;
        }

        @Override
        public void submit(int state, Requester requester, Command command, Consumer<Outcome> outcome) {
            throw new UnsupportedOperationException();
        }
    }
}
