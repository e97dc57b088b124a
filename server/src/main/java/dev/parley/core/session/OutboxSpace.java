// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import java.util.concurrent.atomic.AtomicLong;

/** How much all outboxes of a node hold together. Safe from any thread. */
public final class OutboxSpace {

    private final AtomicLong used = new AtomicLong();
    private final long limit;

    /** @param limit bytes above which sessions without a socket keep nothing more */
    public OutboxSpace(long limit) {
        this.limit = limit;
    }

    /** Bytes that are kept now. */
    public long used() {
        return used.get();
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    boolean isFull() {
        return used.get() > limit;
    }
}
