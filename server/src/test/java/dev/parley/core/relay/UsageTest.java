// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UsageTest {

    private final AtomicLong now = new AtomicLong(second("2026-11-22T23:00:00Z"));
    private final Usage usage = new Usage(now::get);

    @Test
    void withoutLimitsEverythingIsCountedAndNothingRefused() {
        for (int i = 0; i < 100; i++) {
            assertThat(usage.connect()).isTrue();
            assertThat(usage.send()).isTrue();
        }
        assertThat(usage.connections()).isEqualTo(100);
        assertThat(usage.messages()).isEqualTo(100);
    }

    @Test
    void aFullAppTakesTheNextWhenOneHasGoneAndRemembersTheMost() {
        limit(2, 0);
        assertThat(usage.connect()).isTrue();
        assertThat(usage.connect()).isTrue();
        assertThat(usage.connect()).isFalse();
        usage.disconnect();
        assertThat(usage.connect()).isTrue();
        usage.disconnect();
        usage.disconnect();
        assertThat(usage.connections()).isZero();
        assertThat(usage.mostConnections()).isEqualTo(2);
    }

    @Test
    void aQuotaCountsAttemptsTooAndBeginsAnewWithTheMonth() {
        limit(0, 2);
        assertThat(List.of(usage.send(), usage.send(), usage.send())).containsExactly(true, true, false);
        assertThat(usage.messages()).isEqualTo(3);
        assertThat(usage.period())
                .isEqualTo(new Usage.Period(second("2026-11-01T00:00:00Z"), second("2026-12-01T00:00:00Z")));

        now.set(second("2026-12-01T00:00:00Z") - 1);
        assertThat(usage.send()).isFalse();
        now.set(second("2026-12-01T00:00:00Z"));
        assertThat(usage.send()).isTrue();
        assertThat(usage.messages()).isEqualTo(1);
        assertThat(usage.period().end()).isEqualTo(second("2027-01-01T00:00:00Z"));
    }

    @Test
    void messagesOfAMonthWithoutAQuotaDoNotCountInTheNext() {
        usage.send();
        now.set(second("2026-12-01T00:00:00Z"));
        assertThat(usage.messages()).isZero();
        limit(0, 1);
        assertThat(List.of(usage.send(), usage.send())).containsExactly(true, false);
    }

    @Test
    void whoIsRefusedAPlaceTakesNoneNotEvenForAMoment() throws InterruptedException {
        limit(1, 0);
        assertThat(usage.connect()).isTrue();
        Thread refused = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 1_000_000; i++) {
                usage.connect();
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
        usage.send();
        now.set(second("2026-12-01T00:00:00Z"));
        usage.send();
        assertThat(usage.messages()).isEqualTo(1);
    }

    private void limit(int connections, long messages) {
        usage.become(new AppLimits(connections, AppLimits.PATTERNS, List.of(), messages));
    }

    private static long second(String time) {
        return Instant.parse(time).getEpochSecond();
    }
}
