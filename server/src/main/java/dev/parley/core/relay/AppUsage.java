// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppLimits;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much one app uses on this node, and how much it may. Periods are calendar months in UTC; counts begin when the
 * server starts. Messages that it has sent through other nodes are known a moment later. Safe from any thread.
 */
public final class AppUsage {

    private static final long SECONDS_A_DAY = 86_400;

    private final LongSupplier secondsNow;
    private final ConnectionPlaces connections = new ConnectionPlaces();
    private final SentMessages messages = new SentMessages();
    private final ReentrantLock turning = new ReentrantLock();
    private volatile int maxConnections;
    private volatile long maxMessages;
    private volatile Period period;

    /** What it has sent in this period through other nodes. */
    private volatile long elsewhere;

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
    AppUsage(LongSupplier secondsNow) {
        this.secondsNow = secondsNow;
        this.period = Period.around(secondsNow.getAsLong());
    }

    /** Sets the limits. */
    void setLimits(AppLimits limits) {
        maxConnections = limits.connections();
        maxMessages = limits.messagesPerPeriod();
    }

    /**
     * Takes a place for a connection; false if all are taken, or clients at its address hold their share.
     *
     * @param address what connections of one address have in common, compared by {@code equals}
     */
    public boolean connect(Object address) {
        return connections.take(address, maxConnections);
    }

    /** Gives the place back. */
    public void disconnect(Object address) {
        connections.give(address);
    }

    /** Why a place was refused to a connection of this address, for the operator. */
    public String refusal(Object address) {
        int limit = maxConnections;
        int free = limit - connections.total();
        return free > 0
                ? "clients at this address have their share of the connections of the app: " + connections.held(address)
                        + " of " + limit + ", while " + free + " are free"
                : "the app has too many connections";
    }

    /**
     * Counts a message of a client; false, and it is not counted, if the app has used up what it may send in this
     * period, or clients at its address have used their share. {@link #refuse} follows if the message is not accepted.
     *
     * @param address what clients at one address have in common, compared by {@code equals}; null for a back end, which
     *     has no share
     */
    public boolean send(@Nullable Object address) {
        turnPeriod();
        return messages.take(address, maxMessages, elsewhere);
    }

    /** Takes a message that was counted out of the count: it was not accepted. */
    public void refuse(@Nullable Object address) {
        turnPeriod();
        messages.giveBack(address);
    }

    /** Returns how many connections are open. */
    public int connections() {
        return connections.total();
    }

    /** The most connections there ever were at once. */
    public int mostConnections() {
        return connections.most();
    }

    /** Sets how many messages it has sent in a period through other nodes. */
    void setElsewhere(long periodStart, long count) {
        turnPeriod();
        if (period.start() == periodStart) {
            elsewhere = count;
        }
    }

    /** Returns how many messages were accepted in this period on all nodes, as far as that is known here. */
    public long allMessages() {
        return messages() + elsewhere;
    }

    /** Returns how many messages were accepted in this period. */
    public long messages() {
        turnPeriod();
        return messages.total();
    }

    /** Connections there may be, 0 for any number. */
    public int maxConnections() {
        return maxConnections;
    }

    /** Messages that may be sent in a period, 0 for any number. */
    public long maxMessages() {
        return maxMessages;
    }

    /** Returns the current period. */
    public Period period() {
        turnPeriod();
        return period;
    }

    /** The first message of a new period begins it. */
    private void turnPeriod() {
        long now = secondsNow.getAsLong();
        Period current = period;
        if (now >= current.end()) {
            turning.lock();
            try {
                if (period.equals(current)) {
                    messages.clear();
                    elsewhere = 0;
                    period = Period.around(now); // last: who sees it counts from 0
                }
            } finally {
                turning.unlock();
            }
        }
    }
}
