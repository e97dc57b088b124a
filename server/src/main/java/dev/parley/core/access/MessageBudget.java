// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.core.port.Loop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What several connections may send together. Each draws a small part at a time; while there is nothing to draw, they
 * wait in a queue, so that all of them have equal turns however much each of them sends. Safe from any thread.
 *
 * <p>A part may be larger than what is left: then there is a debt, and nothing to draw until it is earned.
 */
final class MessageBudget {

    private final Object key;
    private final Loop clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null where any rate is allowed. */
    private final @Nullable TokenBucket messages;

    private final @Nullable TokenBucket bytes;

    private final Set<BudgetShare> waiting = new LinkedHashSet<>(0);
    private boolean isTimed;

    /** Connections that draw from it. Changed by {@link MessageBudgets} alone, one change at a time. */
    private int users;

    private boolean isRemovalTimed;

    /**
     * A full budget.
     *
     * @param key what it is kept under
     * @param clock the loop whose time counts
     */
    MessageBudget(Object key, MessageRate rate, Loop clock) {
        this.key = key;
        this.clock = clock;
        this.messages = bucket(rate.messagesPerSecond(), rate.messagesBurst());
        this.bytes = bucket(rate.bytesPerSecond(), rate.bytesBurst());
    }

    private @Nullable TokenBucket bucket(int perSecond, int burst) {
        return perSecond == 0 ? null : new TokenBucket(perSecond, burst, clock.now());
    }

    Object key() {
        return key;
    }

    /**
     * Draws what the share needs; false if it has to wait, and is called when its turn has come. On the share's loop.
     */
    boolean draw(BudgetShare share) {
        lock.lock();
        try {
            if (waiting.isEmpty() && nanosUntilAny() == 0) {
                charge(share);
                return true;
            }
            waiting.add(share);
            setTimer(share.loop());
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The share waits no longer; false if it did not wait, because its turn has come. */
    boolean cancel(BudgetShare share) {
        lock.lock();
        try {
            return waiting.remove(share);
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what was drawn and not used, or pays what was used and not drawn if that is negative. */
    void settle(int messageCount, int byteCount) {
        lock.lock();
        try {
            charge(-messageCount, -byteCount);
        } finally {
            lock.unlock();
        }
    }

    private void serve(Loop loop) {
        lock.lock();
        try {
            isTimed = false;
            while (!waiting.isEmpty() && nanosUntilAny() == 0) {
                BudgetShare first = waiting.iterator().next();
                waiting.remove(first);
                charge(first);
                first.grant();
            }
            if (!waiting.isEmpty()) {
                setTimer(loop);
            }
        } finally {
            lock.unlock();
        }
    }

    private void setTimer(Loop loop) {
        if (!isTimed) {
            isTimed = true;
            loop.schedule(Duration.ofNanos(Math.max(nanosUntilAny(), 1)), () -> serve(loop));
        }
    }

    private void charge(BudgetShare share) {
        charge(share.messages(), share.bytes());
    }

    private void charge(int messageCount, int byteCount) {
        if (messages != null) {
            messages.charge(messageCount);
        }
        if (bytes != null) {
            bytes.charge(byteCount);
        }
    }

    private long nanosUntilAny() {
        long now = clock.now();
        return Math.max(
                messages == null ? 0 : messages.nanosUntilOne(now), bytes == null ? 0 : bytes.nanosUntilOne(now));
    }

    /** How long it takes until a new one would be no different. */
    Duration untilFull() {
        lock.lock();
        try {
            long now = clock.now();
            return Duration.ofNanos(Math.max(
                    messages == null ? 0 : messages.nanosUntilFull(now),
                    bytes == null ? 0 : bytes.nanosUntilFull(now)));
        } finally {
            lock.unlock();
        }
    }

    void join() {
        users++;
    }

    void leave() {
        users--;
    }

    boolean isUsed() {
        return users > 0;
    }

    /** Whether somebody looks later whether it may be removed. Changed like the users. */
    boolean isRemovalTimed() {
        return isRemovalTimed;
    }

    void setRemovalTimed(boolean isTimedNow) {
        isRemovalTimed = isTimedNow;
    }
}
