// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppLimits;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How much one app uses on this node, and how much it may. Periods are calendar months in UTC; counts begin when the
 * server starts. Safe from any thread.
 */
public final class Usage {

    private static final long SECONDS_A_DAY = 86_400;

    private final LongSupplier secondsNow;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger mostConnections = new AtomicInteger();
    private final AtomicLong messages = new AtomicLong();
    private final ReentrantLock turning = new ReentrantLock();
    private volatile int maxConnections;
    private volatile long maxMessages;
    private volatile Period period;

    /**
     * A time in which messages are counted.
     *
     * @param start its first second, since 1970
     * @param end the first second after it
     */
    public record Period(long start, long end) {

        static Period around(long second) {
            LocalDate first =
                    LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_A_DAY)).withDayOfMonth(1);
            return new Period(start(first), start(first.plusMonths(1)));
        }

        private static long start(LocalDate day) {
            return day.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        }
    }

    /**
     * Nothing used, nothing limited.
     *
     * @param secondsNow the time in seconds since 1970
     */
    Usage(LongSupplier secondsNow) {
        this.secondsNow = secondsNow;
        this.period = Period.around(secondsNow.getAsLong());
    }

    /** From now on these limits count. */
    void become(AppLimits limits) {
        maxConnections = limits.connections();
        maxMessages = limits.messagesPerPeriod();
    }

    /** Takes a place for a connection; false if there is none. */
    public boolean connect() {
        int limit = maxConnections;
        int count;
        do {
            count = connections.get() + 1;
            if (limit > 0 && count > limit) {
                return false;
            }
        } while (!connections.compareAndSet(count - 1, count));
        if (count > mostConnections.get()) {
            mostConnections.accumulateAndGet(count, Math::max);
        }
        return true;
    }

    /** Gives the place back. */
    public void disconnect() {
        connections.decrementAndGet();
    }

    /** Counts a message; false if the app has used up what it may send in this period. */
    public boolean send() {
        turnPeriod();
        long limit = maxMessages;
        long count = messages.incrementAndGet();
        return limit == 0 || count <= limit;
    }

    /** Connections there are. */
    public int connections() {
        return connections.get();
    }

    /** The most connections there ever were at once. */
    public int mostConnections() {
        return mostConnections.get();
    }

    /** Messages that were sent in this period, or tried to be. */
    public long messages() {
        turnPeriod();
        return messages.get();
    }

    /** Connections there may be, 0 for any number. */
    public int maxConnections() {
        return maxConnections;
    }

    /** Messages that may be sent in a period, 0 for any number. */
    public long maxMessages() {
        return maxMessages;
    }

    /** The period that now is. */
    public Period period() {
        turnPeriod();
        return period;
    }

    /** Whoever comes first in a new period begins it. */
    private void turnPeriod() {
        long now = secondsNow.getAsLong();
        Period current = period;
        if (now >= current.end()) {
            turning.lock();
            try {
                if (period.equals(current)) {
                    messages.set(0);
                    period = Period.around(now); // last: who sees it counts from 0
                }
            } finally {
                turning.unlock();
            }
        }
    }
}
