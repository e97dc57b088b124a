// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What the sessions of one app hold of the {@link MemoryBudget}. Safe from any thread. */
public final class AppMemory {

    /** A session that holds less is not ended to make room for others. Bytes. */
    static final int SMALL = 64 << 10;

    private final MemoryBudget budget;
    private final AtomicLong used = new AtomicLong();

    /** Sessions that hold more than {@link #SMALL}. */
    private final Set<Holding> large = ConcurrentHashMap.newKeySet();

    /** One session at a time is being ended. */
    private final AtomicBoolean isEnding = new AtomicBoolean();

    AppMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Bytes that its sessions hold. */
    public long used() {
        return used.get();
    }

    /**
     * Whether a session may hold so many bytes more. Where that is at the cost of others, a session that holds much is ended.
     *
     * @param held bytes the session holds already
     */
    boolean mayHold(long held, int bytes) {
        long all = budget.used() + bytes;
        long limit = budget.limit();
        if (all <= limit / 2) {
            return true;
        }
        if (used() + bytes <= budget.equalShare()) {
            if (all > limit) {
                budget.reclaim();
            }
            return all <= limit + limit / 8; // what is being ended is gone in a moment
        }
        if (held + bytes <= SMALL && all <= limit) {
            endLargest();
            return true;
        }
        return false;
    }

    /** Counts bytes that its sessions hold from now on; negative for bytes they hold no longer. */
    void add(int bytes) {
        if (bytes != 0) {
            budget.add(this, used.getAndAdd(bytes), bytes);
        }
    }

    void list(Holding session) {
        large.add(session);
    }

    void unlist(Holding session) {
        large.remove(session);
    }

    /** Ends the session that holds most, if one holds much and no other is being ended. */
    void endLargest() {
        if (large.isEmpty() || !isEnding.compareAndSet(false, true)) {
            return;
        }
        Holding most = null;
        for (Holding session : large) {
            most = most == null || session.bytes() > most.bytes() ? session : most;
        }
        if (most == null) {
            isEnding.set(false);
        } else {
            most.end(() -> isEnding.set(false));
        }
    }
}
