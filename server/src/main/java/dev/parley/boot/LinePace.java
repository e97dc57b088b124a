// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Limits lines of one kind to one a second, and counts those that are left out. Any thread. */
final class LinePace {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicInteger omitted = new AtomicInteger();
    private final AtomicLong quietUntil;

    LinePace(long now) {
        quietUntil = new AtomicLong(now);
    }

    /** Consumes the line of this second; if it is consumed already, counts one more as left out and returns false. */
    boolean tryConsume(long now) {
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + PAUSE_NANOS)) {
            omitted.incrementAndGet();
            return false;
        }
        return true;
    }

    /** Returns the end of the line that was consumed: how many were left out since the one before, if any. */
    String takeOmitted() {
        int count = omitted.getAndSet(0);
        return count == 0 ? "" : " (" + count + " more since the last such line)";
    }
}
