// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.AddressShare;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages an app has sent in a period, by the address of the client while there is a quota. So many addresses are
 * remembered; those that come later in the period count as one. Safe from any thread.
 */
final class SentMessages {

    private static final int MAX_ADDRESSES = 10_000;

    /** The key of all addresses that are not remembered. */
    private static final Object OTHERS = "other addresses";

    private final AtomicLong total = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    /** Messages by address, of addresses that sent one. Guarded by the lock. */
    private final Map<Object, Long> sent = new HashMap<>();

    /**
     * Counts a message; false, and it is not counted, if the quota is used up, or clients at its address have used
     * their share.
     *
     * @param address see {@link AddressShare}, compared by {@code equals}; null for a back end, which has no share
     * @param quota messages in a period, 0 for any number
     * @param elsewhere messages that were sent in the period through other nodes
     */
    boolean take(@Nullable Object address, long quota, long elsewhere) {
        if (quota == 0) {
            total.incrementAndGet();
            return true;
        }
        lock.lock();
        try {
            long all = total.get() + elsewhere;
            if (all >= quota) {
                return false;
            }
            if (address != null) {
                Object key = key(address);
                long own = sent.getOrDefault(key, 0L);
                if (!AddressShare.allows(quota, all, own)) {
                    return false;
                }
                sent.put(key, own + 1);
            }
            total.incrementAndGet();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a message out of the count: it was not accepted. One of the period before takes out one of this period, if
     * there is one; at most as many as were on their way at that moment.
     */
    void giveBack(@Nullable Object address) {
        lock.lock();
        try {
            total.updateAndGet(all -> Math.max(all - 1, 0));
            if (address != null) {
                sent.computeIfPresent(key(address), (it, own) -> own == 1 ? null : own - 1);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Begins a period, in which nothing has been sent. */
    void clear() {
        lock.lock();
        try {
            sent.clear();
            total.set(0);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many messages are counted. */
    long total() {
        return total.get();
    }

    /** Returns how many addresses are remembered. */
    int addresses() {
        lock.lock();
        try {
            return sent.size();
        } finally {
            lock.unlock();
        }
    }

    private Object key(Object address) {
        return sent.size() < MAX_ADDRESSES || sent.containsKey(address) ? address : OTHERS;
    }
}
