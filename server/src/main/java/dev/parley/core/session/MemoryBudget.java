// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for the messages that wait on this node: in queues of receivers, and in outboxes until they are acknowledged.
 * Apps share it: below half of it an app may hold any amount, above half only its equal share. A part is always left
 * for an app that holds nothing yet. Safe from any thread.
 */
public final class MemoryBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /** The apps that hold something. */
    private final Set<AppMemory> holding = ConcurrentHashMap.newKeySet();

    /** @param limit bytes for all apps */
    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Returns how many bytes may wait. */
    public long limit() {
        return limit;
    }

    /** Returns how many bytes wait. */
    public long used() {
        return used.get();
    }

    /** Returns the share of one more app. */
    public AppMemory share() {
        return new AppMemory(this);
    }

    /** What one app may hold when the others hold all they may. */
    long equalShare() {
        return limit / (holding.size() + 1);
    }

    void add(AppMemory app, long before, int bytes) {
        used.addAndGet(bytes);
        if (before == 0) {
            holding.add(app);
        } else if (before + bytes == 0) {
            holding.remove(app);
            if (app.used() != 0) {
                holding.add(app); // it holds something again since
            }
        }
    }

    /** Ends a session of the app that holds most, as another app needs its share. */
    void reclaim() {
        AppMemory most = null;
        for (AppMemory app : holding) {
            most = most == null || app.used() > most.used() ? app : most;
        }
        if (most != null) {
            most.reclaim(AddressMemory.LISTED);
        }
    }
}
