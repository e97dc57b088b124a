// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What the sessions of one app and client address hold of the {@link MemoryBudget}. Safe from any thread. */
public final class AddressMemory {

    /**
     * A session that holds no more is not refused for the share of its app or address, while there is memory. Bytes.
     */
    static final int SMALL = 64 << 10;

    /** A session that holds no more is never ended to make room for others. Bytes. */
    static final int LISTED = 8 << 10;

    private final MemoryBudget budget;
    private final AppMemory app;
    private final AtomicLong used = new AtomicLong();

    /** Sessions that hold more than {@link #LISTED}. */
    private final Set<HeldMessages> listed = ConcurrentHashMap.newKeySet(1);

    /** One session at a time is being ended. */
    private final AtomicBoolean isEnding = new AtomicBoolean();

    AddressMemory(MemoryBudget budget, AppMemory app) {
        this.budget = budget;
        this.app = app;
    }

    /** Returns how many bytes its sessions hold. */
    long used() {
        return used.get();
    }

    /**
     * Whether a session may hold so many bytes more. Where that is at the cost of others, a session of the address that
     * holds most is ended.
     *
     * @param held bytes the session holds already
     */
    boolean mayHold(long held, int bytes) {
        long all = budget.used() + bytes;
        long limit = budget.limit();
        if (all <= limit / 2) {
            return true;
        }
        long share = budget.equalShare();
        long ofApp = app.used() + bytes;
        if (used() + bytes <= app.equalShare(share) || ofApp <= share / 2) {
            if (ofApp > share) {
                app.reclaim(LISTED);
            } else if (all > limit) {
                budget.reclaim();
            }
            return all <= limit + limit / 8; // what is being ended is gone in a moment
        }
        if (held + bytes <= SMALL && all <= limit) {
            app.reclaim(SMALL);
            return true;
        }
        return false;
    }

    /**
     * Whether a session of this address has to end: all sessions together hold a quarter more than the limit, and this
     * address holds more than its share. Only answers and presence lead to this, as signals are refused earlier.
     */
    boolean isExcessive() {
        long limit = budget.limit();
        return budget.used() > limit + limit / 4 && used() > app.equalShare(budget.equalShare());
    }

    /** Counts bytes that its sessions hold from now on; negative for bytes they hold no longer. */
    void add(int bytes) {
        if (bytes != 0) {
            app.add(used.getAndAdd(bytes), bytes);
        }
    }

    void list(HeldMessages session) {
        listed.add(session);
    }

    void unlist(HeldMessages session) {
        listed.remove(session);
    }

    /** Ends the session that holds most, if it holds more than so many bytes and none is being ended. */
    void reclaim(int least) {
        if (listed.isEmpty() || !isEnding.compareAndSet(false, true)) {
            return;
        }
        HeldMessages most = null;
        for (HeldMessages session : listed) {
            most = most == null || session.bytes() > most.bytes() ? session : most;
        }
        if (most == null || most.bytes() <= least) {
            isEnding.set(false);
        } else {
            most.end(() -> isEnding.set(false));
        }
    }
}
