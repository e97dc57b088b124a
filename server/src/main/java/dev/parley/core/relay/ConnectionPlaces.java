// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.AddressShare;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The connections of an app, by the address of the client. Safe from any thread. */
final class ConnectionPlaces {

    private final ReentrantLock lock = new ReentrantLock();

    /** Connections by address, of addresses that have one. Guarded by the lock. */
    private final Map<Object, Integer> held = new HashMap<>();

    /** Written under the lock. */
    private volatile int total;

    private volatile int most;

    /**
     * Takes a place; false if all are taken, or all of this address.
     *
     * @param address see {@link AddressShare}, compared by {@code equals}
     * @param limit places there are, 0 for any number
     */
    boolean take(Object address, int limit) {
        lock.lock();
        try {
            int own = held.getOrDefault(address, 0);
            if (limit > 0 && !AddressShare.allows(limit, total, own)) {
                return false;
            }
            held.put(address, own + 1);
            int all = total + 1;
            total = all;
            most = Math.max(most, all);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place back. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // other threads only read it
    void give(Object address) {
        lock.lock();
        try {
            held.computeIfPresent(address, (it, own) -> own == 1 ? null : own - 1);
            total--;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many places clients at this address hold. */
    int held(Object address) {
        lock.lock();
        try {
            return held.getOrDefault(address, 0);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many places are held. */
    int total() {
        return total;
    }

    /** Returns how many places were held at once at most. */
    int most() {
        return most;
    }
}
