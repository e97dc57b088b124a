// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The subscribers of one pattern, in a room of their own that has no roster. Safe from any thread, but for the owner.
 */
final class PatternSubscribers {

    private final ChannelPattern pattern;
    private final Room room;
    private final long version;
    private final AtomicLong unpaidSteps = new AtomicLong();

    /** Guarded by the lock of {@link PatternFinder}. */
    private PatternOwner owner;

    /**
     * No subscriber yet.
     *
     * @param version of the first {@link PatternSet} that has this pattern
     * @param owner the client whose share of the patterns it takes
     */
    PatternSubscribers(ChannelPattern pattern, Room room, long version, PatternOwner owner) {
        this.pattern = pattern;
        this.room = room;
        this.version = version;
        this.owner = owner;
    }

    ChannelPattern pattern() {
        return pattern;
    }

    Room room() {
        return room;
    }

    long version() {
        return version;
    }

    /** Counts steps of comparisons that the publisher does not pay for. */
    void addUnpaid(long steps) {
        unpaidSteps.addAndGet(steps);
    }

    /** Returns the unpaid steps, and resets them. */
    long takeUnpaid() {
        return unpaidSteps.getAndSet(0);
    }

    PatternOwner owner() {
        return owner;
    }

    void setOwner(PatternOwner newOwner) {
        owner = newOwner;
    }
}
