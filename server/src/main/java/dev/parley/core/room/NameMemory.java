// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import org.jspecify.annotations.Nullable;

/** Remembers which patterns match the names of rooms, so that a name is compared with each pattern once. */
interface NameMemory {

    /** Returns the patterns that match a name, as remembered; null if they are not. */
    @Nullable
    PatternMatches matches(String name);

    /**
     * Remembers the patterns that match a name, in place of what was remembered for it.
     *
     * @param cost of comparing it with all patterns, in steps
     */
    void remember(String name, PatternMatches matches, long cost);

    /** A name that was not remembered was compared in so many steps. */
    void addSteps(long more);

    /** A name that was remembered was compared with newer patterns in so many steps, which nobody pays for here. */
    void addLaterSteps(long more);
}
