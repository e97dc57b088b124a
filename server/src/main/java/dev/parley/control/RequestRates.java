// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.RequestLimits;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.TokenBucket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Limits the REST requests of each secret key. Each key has its own rate, so no key uses up the rate of another, of the
 * same app or of another app. Safe from any thread.
 */
final class RequestRates {

    private final int perSecond;
    private final int burst;
    private final LongSupplier nanos;
    private final ConcurrentMap<GrantAuthority, KeyRate> rates = new ConcurrentHashMap<>();

    /** @param nanos a clock that does not go back */
    RequestRates(RequestLimits limits, LongSupplier nanos) {
        this.perSecond = limits.perSecond();
        this.burst = limits.burst();
        this.nanos = nanos;
    }

    /**
     * Counts a request of this key.
     *
     * @throws ApiRefusedException if the key is over its rate
     */
    void take(GrantAuthority key) throws ApiRefusedException {
        if (perSecond > 0) {
            long wait = rate(key).take();
            if (wait > 0) {
                long seconds = Math.ceilDiv(wait, TimeUnit.SECONDS.toNanos(1));
                throw new ApiRefusedException(JsonReplies.error(
                        429,
                        JsonReplies.RATE_LIMITED,
                        "the key has made too many requests; large answers and messages count as several",
                        Map.of("Retry-After", Long.toString(seconds))));
            }
        }
    }

    /** Charges a request of this key as so many further ones, up to one full burst. They delay the next requests. */
    void charge(GrantAuthority key, int requests) {
        if (perSecond > 0 && requests > 0) {
            rate(key).charge(Math.min(requests, burst));
        }
    }

    /** Returns how many keys have a rate. */
    int size() {
        return rates.size();
    }

    private KeyRate rate(GrantAuthority key) {
        KeyRate known = rates.get(key);
        if (known != null) {
            return known;
        }
        rates.keySet().removeIf(other -> other.standing() == GrantAuthority.Standing.WITHDRAWN);
        return rates.computeIfAbsent(key, it -> new KeyRate());
    }

    /** The rate of one key. */
    private final class KeyRate {

        private final ReentrantLock lock = new ReentrantLock();
        private final TokenBucket requests = new TokenBucket(perSecond, burst, nanos.getAsLong());

        /** Returns the nanoseconds until a request is allowed, 0 if one is allowed now and was counted. */
        long take() {
            lock.lock();
            try {
                long now = nanos.getAsLong();
                return requests.take(now) ? 0 : Math.max(1, requests.nanosUntilOne(now));
            } finally {
                lock.unlock();
            }
        }

        void charge(int debt) {
            lock.lock();
            try {
                requests.charge(debt);
            } finally {
                lock.unlock();
            }
        }
    }
}
