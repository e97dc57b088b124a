// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;

/**
 * How much of everything one app may have on this node.
 *
 * @param connections at once; 0 for any number
 * @param patterns its clients may subscribe to at once, different ones
 * @param capacity how many peers fit into its channels; the first pattern that matches counts
 * @param messagesPerPeriod it may send in a calendar month (UTC); 0 for any number
 */
public record AppLimits(int connections, int patterns, List<RoomCapacity> capacity, long messagesPerPeriod) {

    /** Patterns where nothing else is configured: whenever there are others, each name is compared
     * with all of them. */
    public static final int PATTERNS = 200;

    private static final AppLimits DEFAULTS = new AppLimits(0, PATTERNS, List.of(), 0);

    /** Keeps a copy. */
    public AppLimits {
        capacity = List.copyOf(capacity);
    }

    /** Returns the limits of an app whose configuration has none. */
    public static AppLimits defaults() {
        return DEFAULTS;
    }
}
