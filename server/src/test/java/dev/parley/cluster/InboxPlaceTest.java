// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a node reads its inbox, and removes what it has read. */
class InboxPlaceTest {

    private static final String NODE = "epoch.1";
    private static final long SOON = Duration.ofMillis(50).toNanos();
    private static final long LATER = Duration.ofMillis(150).toNanos();

    private final InboxPlace place = new InboxPlace(0);

    @Test
    void callsThatDecideReadOnWhereTheOneBeforeEnded() {
        assertThat(place.readAlong()).isEqualTo(0);
        place.accept(page(3, 10), SOON);

        assertThat(place.readAlong()).isEqualTo(3);
    }

    @Test
    void twoCallsDoNotReadAtOnce() {
        read();

        assertThat(place.mayReadAlong(0)).isFalse();
    }

    @Test
    void whatWasReadIsRemovedAfterAWhile() {
        place.readAlong();
        place.accept(page(3, 10), SOON);
        place.readAlong();
        place.accept(page(5, 7), SOON);

        assertThat(place.mayReadAlong(SOON)).isTrue();
        assertThat(place.mayReadAlong(LATER)).isFalse();
        assertThat(read()).isEqualTo(new StoreCall.Read(NODE, 5, 1, Map.of("app", 17L)));
    }

    @Test
    void muchThatWasReadIsRemovedAtOnce() {
        place.readAlong();
        place.accept(page(3, 2 << 20), SOON);

        assertThat(place.mayReadAlong(SOON)).isFalse();
    }

    @Test
    void whatWasRemovedIsNotRemovedAgain() {
        place.readAlong();
        place.accept(page(3, 10), SOON);
        read();
        place.accept(page(4, 5), LATER);

        assertThat(place.mayReadAlong(LATER)).isTrue();
        assertThat(read()).isEqualTo(new StoreCall.Read(NODE, 4, 2, Map.of("app", 5L)));
    }

    /** It may have been done: another one with more bytes would have those of the first subtracted twice. */
    @Test
    void aCallThatRemovesAndGotNoReplyIsRepeatedAsItWas() {
        place.readAlong();
        place.accept(page(3, 10), SOON);
        StoreCall.Read first = read();
        place.giveUp();

        assertThat(place.mayReadAlong(SOON)).isFalse();
        assertThat(read()).isEqualTo(first);
    }

    @Test
    void whatWaitsToBeAppliedIsNotRemovedUntilItIs() {
        place.readAlong();
        place.accept(page(3, 10), SOON);
        assertThat(place.read(NODE, app -> 8).bytes()).isEqualTo(Map.of("app", 2L));
        place.accept(page(3, 0), SOON);

        assertThat(read().bytes()).isEqualTo(Map.of("app", 8L));
    }

    /** All that was read before is applied. */
    private StoreCall.Read read() {
        return place.read(NODE, app -> 0);
    }

    private static StoreReply.Page page(long through, long bytes) {
        return new StoreReply.Page(List.of(), through, Map.of("app", bytes));
    }
}
