// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppUsageTest {

    private static final String HOME = "home";

    private final AtomicLong now = new AtomicLong(second("2026-11-22T23:00:00Z"));
    private final AppUsage usage = new AppUsage(now::get);

    @Test
    void withoutLimitsEverythingIsCountedAndNothingRefused() {
        for (int i = 0; i < 100; i++) {
            assertThat(usage.connect(HOME)).isTrue();
            assertThat(usage.send(HOME)).isTrue();
        }
        assertThat(usage.connections()).isEqualTo(100);
        assertThat(usage.messages()).isEqualTo(100);
    }

    @Test
    void aFullAppTakesTheNextWhenOneHasGoneAndRemembersTheMost() {
        limit(2, 0);
        assertThat(usage.connect(HOME)).isTrue();
        assertThat(usage.connect(HOME)).isTrue();
        assertThat(usage.connect(HOME)).isFalse();
        usage.disconnect(HOME);
        assertThat(usage.connect(HOME)).isTrue();
        usage.disconnect(HOME);
        usage.disconnect(HOME);
        assertThat(usage.connections()).isZero();
        assertThat(usage.mostConnections()).isEqualTo(2);
    }

    @Test
    void aQuotaCountsWhatIsAcceptedAndBeginsAnewWithTheMonth() {
        limit(0, 2);
        assertThat(List.of(usage.send(HOME), usage.send(HOME), usage.send(HOME)))
                .containsExactly(true, true, false);
        assertThat(usage.messages()).isEqualTo(2);
        assertThat(usage.period())
                .isEqualTo(new AppUsage.Period(second("2026-11-01T00:00:00Z"), second("2026-12-01T00:00:00Z")));

        now.set(second("2026-12-01T00:00:00Z") - 1);
        assertThat(usage.send(HOME)).isFalse();
        now.set(second("2026-12-01T00:00:00Z"));
        assertThat(usage.send(HOME)).isTrue();
        assertThat(usage.messages()).isEqualTo(1);
        assertThat(usage.period().end()).isEqualTo(second("2027-01-01T00:00:00Z"));
    }

    @Test
    void messagesOfAMonthWithoutAQuotaDoNotCountInTheNext() {
        usage.send(HOME);
        now.set(second("2026-12-01T00:00:00Z"));
        assertThat(usage.messages()).isZero();
        limit(0, 1);
        assertThat(List.of(usage.send(HOME), usage.send(HOME))).containsExactly(true, false);
    }

    @Test
    void whoIsRefusedAPlaceTakesNoneNotEvenForAMoment() throws InterruptedException {
        limit(1, 0);
        assertThat(usage.connect(HOME)).isTrue();
        Thread refused = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 1_000_000; i++) {
                usage.connect(HOME);
            }
        });
        int most = 0;
        while (refused.isAlive()) {
            most = Math.max(most, usage.connections());
        }
        refused.join();
        assertThat(most).isEqualTo(1);
    }

    @Test
    void withoutAQuotaMessagesOfANewMonthCountFromTheFirst() {
        usage.send(HOME);
        now.set(second("2026-12-01T00:00:00Z"));
        usage.send(HOME);
        assertThat(usage.messages()).isEqualTo(1);
    }

    @Test
    void connectionsOfOneAddressLeaveHalfOfTheAppToOthers() {
        limit(1000, 0);
        assertThat(connects("attacker", 2000)).isEqualTo(500);
        assertThat(usage.refusal("attacker"))
                .isEqualTo("clients at this address have their share of the connections of the app: 500 of 1000,"
                        + " while 500 are free");

        assertThat(connects("office", 100)).isEqualTo(100);
        for (int i = 0; i < 400; i++) {
            assertThat(usage.connect("home " + i)).isTrue();
        }
        assertThat(usage.connect("late")).isFalse();
        assertThat(usage.refusal("late")).isEqualTo("the app has too many connections");
    }

    @Test
    void aPlaceThatIsGivenBackIsNoLongerOfTheShareOfItsAddress() {
        limit(100, 0);
        assertThat(connects("office", 200)).isEqualTo(50);
        usage.disconnect("office");
        usage.disconnect("office");
        assertThat(connects("home", 2)).isEqualTo(2);

        assertThat(connects("office", 200)).isEqualTo(1);
    }

    @Test
    void connectionsFromBeforeALimitCountForTheSharesToo() {
        assertThat(connects("attacker", 60)).isEqualTo(60);
        limit(100, 0);

        assertThat(usage.connect("attacker")).isFalse();
        assertThat(connects("home", 100)).isEqualTo(20);
    }

    @Test
    void messagesOfOneAddressLeaveHalfOfTheQuotaToOthersAndBackEndsNeedNoShare() {
        limit(0, 1000);
        assertThat(sends("attacker", 2000)).isEqualTo(500);

        assertThat(sends("home", 100)).isEqualTo(100);
        assertThat(sends(null, 500)).isEqualTo(400);
        assertThat(usage.messages()).isEqualTo(1000);
        now.set(second("2026-12-01T00:00:00Z"));
        assertThat(sends("attacker", 2000)).isEqualTo(500);
    }

    @Test
    void aMessageThatIsNotAcceptedCountsNeitherForTheAppNorForItsAddress() {
        limit(0, 100);
        for (int i = 0; i < 1000; i++) {
            assertThat(usage.send("home")).isTrue();
            usage.refuse("home");
        }

        assertThat(usage.messages()).isZero();
        assertThat(sends("home", 200)).isEqualTo(50);
    }

    @Test
    void aMessageOfTheMonthBeforeThatIsNotAcceptedLeavesNoDebt() {
        limit(0, 100);
        usage.send(HOME);
        now.set(second("2026-12-01T00:00:00Z"));
        usage.refuse(HOME);

        assertThat(usage.messages()).isZero();
        assertThat(sends(HOME, 200)).isEqualTo(50);
    }

    @Test
    void addressesBeyondTenThousandShareOnePlaceOfTheQuota() {
        SentMessages sent = new SentMessages();
        int quota = 50_000;
        for (int i = 0; i < 30_000; i++) {
            sent.take("home " + i, quota, 0);
        }

        assertThat(sent.addresses()).isEqualTo(10_001);
        assertThat(sent.total()).isEqualTo(10_000 + quota - 10_000 - 20_000);
        assertThat(sent.take("late", quota, 0)).isFalse();
        assertThat(sent.take("home 1", quota, 0)).isTrue();
    }

    private int connects(String address, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += usage.connect(address) ? 1 : 0;
        }
        return taken;
    }

    private int sends(@Nullable String address, int times) {
        int accepted = 0;
        for (int i = 0; i < times; i++) {
            accepted += usage.send(address) ? 1 : 0;
        }
        return accepted;
    }

    private void limit(int connections, long messages) {
        usage.setLimits(new AppLimits(connections, AppLimits.PATTERNS, List.of(), messages));
    }

    private static long second(String time) {
        return Instant.parse(time).getEpochSecond();
    }
}
