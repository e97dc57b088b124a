// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.concurrent.TimeUnit;

/** Allows so many events a second, and a burst of so many at once. For one thread; the caller brings the time. */
public final class TokenBucket {

    private final int perSecond;
    private final int burst;
    private double tokens;
    private long filledAt;

    /** A full bucket. Times are nanoseconds of any clock that does not go back. */
    public TokenBucket(int perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filledAt = now;
    }

    /** Takes tokens that may not be there; then there are none until they are earned. */
    public void charge(int debt) {
        tokens -= debt;
    }

    /** Takes one token; false if there is none. */
    public boolean take(long now) {
        double earned = (double) (now - filledAt) * perSecond / TimeUnit.SECONDS.toNanos(1);
        tokens = Math.min(burst, tokens + earned);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
