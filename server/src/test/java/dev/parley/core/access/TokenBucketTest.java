// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    @Test
    void neverGivesMoreThanTheBurstAndTheRateAllowInAnyTime() {
        Random random = new Random(5);
        TokenBucket bucket = new TokenBucket(10, 100, 0);
        long now = 0;
        long given = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(20_000_000);
            given += bucket.take(now) ? 1 : 0;
            assertThat(given).isLessThanOrEqualTo(100 + now * 10 / TimeUnit.SECONDS.toNanos(1) + 1);
        }
        assertThat(given).isGreaterThan(now * 10 / TimeUnit.SECONDS.toNanos(1) - 1);
    }

    @Test
    void aRestFillsItUpToTheBurst() {
        TokenBucket bucket = new TokenBucket(10, 3, 0);
        long later = TimeUnit.HOURS.toNanos(1);

        assertThat(bucket.take(later)).isTrue();
        assertThat(bucket.take(later)).isTrue();
        assertThat(bucket.take(later)).isTrue();
        assertThat(bucket.take(later)).isFalse();
    }

    @Test
    void oneOfAMinuteGivesItAllAtOnceAndThenOneAtATime() {
        TokenBucket bucket = TokenBucket.perMinute(2, 0);

        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.isEmpty(0)).isFalse();
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.isEmpty(TimeUnit.SECONDS.toNanos(29))).isTrue();
        assertThat(bucket.take(TimeUnit.SECONDS.toNanos(30))).isTrue();
    }
}
