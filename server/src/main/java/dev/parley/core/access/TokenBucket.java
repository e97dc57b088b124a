// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.concurrent.TimeUnit;

/** Allows so many events in a time, and a burst of so many at once. For one thread; the caller brings the time. */
public final class TokenBucket {

    private final double perSecond;
    private final int burst;
    private double tokens;
    private long filledAt;

    /** A full bucket. Times are nanoseconds of any clock that does not go back. */
    public TokenBucket(int perSecond, int burst, long now) {
        this((double) perSecond, burst, now);
    }

    private TokenBucket(double perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filledAt = now;
    }

    /**
     * Takes tokens that may not be there; then the bucket stays empty until they are earned. A negative count gives
     * tokens back.
     */
    public void charge(long debt) {
        tokens -= debt;
    }

    /** A full bucket that gives so many a minute, all of them at once if the minute before was quiet. */
    public static TokenBucket perMinute(int count, long now) {
        return new TokenBucket((double) count / TimeUnit.MINUTES.toSeconds(1), count, now);
    }

    /** Takes one token; false if the bucket is empty. */
    public boolean take(long now) {
        if (isEmpty(now)) {
            return false;
        }
        tokens--;
        return true;
    }

    /** How many nanoseconds pass until there is a token to take. */
    public long nanosUntilOne(long now) {
        return isEmpty(now) ? (long) Math.ceil((1 - tokens) * TimeUnit.SECONDS.toNanos(1) / perSecond) : 0;
    }

    /** How many nanoseconds pass until the bucket is full. */
    public long nanosUntilFull(long now) {
        fill(now);
        return (long) Math.ceil((burst - tokens) * TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    /** Whether there is no token to take. */
    public boolean isEmpty(long now) {
        fill(now);
        return tokens < 1;
    }

    private void fill(long now) {
        double earned = (now - filledAt) * perSecond / TimeUnit.SECONDS.toNanos(1);
        tokens = Math.min(burst, tokens + earned);
        filledAt = now;
    }
}
