// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that many holders share, such as the clients at an address: below half of it each may hold any amount, above
 * half only its equal share, and a part is always left for one that holds nothing yet. Safe from any thread; several
 * threads at one moment may take a little more than there is.
 */
public final class FairShares {

    private final long limit;
    private final AtomicLong total = new AtomicLong();

    /** Bytes by holder, of those that hold something. */
    private final Map<Object, Long> held = new ConcurrentHashMap<>();

    /** @param limit bytes */
    public FairShares(long limit) {
        this.limit = limit;
    }

    /** Returns how many bytes may be held. */
    public long limit() {
        return limit;
    }

    /** Returns how many bytes are held. */
    public long total() {
        return total.get();
    }

    /**
     * Takes bytes for a holder, compared by {@code equals}; {@link #give} follows. False, and nothing is taken, if it
     * holds its share.
     */
    public boolean take(Object holder, int bytes) {
        if (!mayTake(holder, bytes)) {
            return false;
        }
        held.merge(holder, (long) bytes, Long::sum);
        total.addAndGet(bytes);
        return true;
    }

    private boolean mayTake(Object holder, int bytes) {
        long all = total.get() + bytes;
        return all <= limit / 2
                || (all <= limit + limit / 8 && held.getOrDefault(holder, 0L) + bytes <= limit / (held.size() + 1));
    }

    /** Gives back bytes that were taken. */
    public void give(Object holder, int bytes) {
        held.computeIfPresent(holder, (it, before) -> before == bytes ? null : before - bytes);
        total.addAndGet(-bytes);
    }
}
