// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import org.jspecify.annotations.Nullable;

/**
 * The names of rooms that were published to last on any node, with the patterns of sessions here that match them. Their
 * senders pay where they are, for the names that their node does not remember. On one thread at a time.
 */
final class DecidedNames implements NameMemory {

    /**
     * With up to eight nodes twice as many as they remember together ({@link DecidedRooms#REMEMBERED}). So names that
     * nobody pays for are found here, but for as many as were paid for meanwhile.
     */
    private static final int MOST = 16 * DecidedRooms.REMEMBERED;

    private final RecentNames<PatternMatches> names = new RecentNames<>(MOST);
    private long steps;

    @Override
    public @Nullable PatternMatches matches(String name) {
        return names.get(name);
    }

    @Override
    public void remember(String name, PatternMatches matches, long cost) {
        names.put(name, matches, cost);
    }

    @Override
    public void addSteps(long more) {
        steps += more;
    }

    @Override
    public void addLaterSteps(long more) {
        steps += more;
    }

    /** Returns the steps of comparisons since the last call. */
    long takeSteps() {
        long taken = steps;
        steps = 0;
        return taken;
    }
}
