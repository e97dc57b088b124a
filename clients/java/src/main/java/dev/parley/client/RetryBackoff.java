// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: nothing at first, then anything up to a bound that doubles each time (full
 * jitter, so that clients that fail together do not come back together). For the client's lock only.
 */
final class RetryBackoff {

    private static final int MOST_DOUBLINGS = 30;

    private final Duration first;
    private final Duration most;
    private final DoubleSupplier random;
    private int attempts;

    /**
     * @param first the bound of the first wait
     * @param most the bound of all
     * @param random from 0 to below 1
     */
    RetryBackoff(Duration first, Duration most, DoubleSupplier random) {
        this.first = first;
        this.most = most;
        this.random = random;
    }

    Duration next() {
        int attempt = attempts++;
        return attempt == 0 ? Duration.ZERO : upTo(bound(Math.min(attempt - 1, MOST_DOUBLINGS)));
    }

    /** Returns the next delay, which is never zero. */
    Duration later() {
        attempts = Math.max(attempts, 1);
        return next();
    }

    /** Returns the delay that the server asks for, within the bound of all delays, plus up to as much again. */
    Duration advised(Duration retryAfter) {
        attempts = Math.max(attempts, 1);
        Duration shortest = least(retryAfter, most);
        return shortest.plus(upTo(shortest));
    }

    /** The next attempt is a first one again. */
    void reset() {
        attempts = 0;
    }

    /**
     * Whether what lasted as long has succeeded; else it counts as one more failure, lest it be repeated at once for
     * ever.
     */
    boolean isSuccess(Duration lasted) {
        return lasted.compareTo(first) >= 0;
    }

    private Duration bound(int doublings) {
        return least(first.multipliedBy(1L << doublings), most);
    }

    private Duration upTo(Duration bound) {
        return Duration.ofNanos((long) (bound.toNanos() * random.getAsDouble()));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
