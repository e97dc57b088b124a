// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/** How much there may be of what clients make: asked whenever more is wanted. Safe from any thread. */
@FunctionalInterface
public interface Bounds {

    /** How many peers the room of that name takes. */
    int peers(String room);

    /** How many different patterns may be heard at once: a name is compared with all of them whenever there are
     * others. */
    default int patterns() {
        return Integer.MAX_VALUE;
    }
}
