// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/** How much there may be of what clients make: asked whenever more is wanted. Safe from any thread. */
@FunctionalInterface
public interface RoomBounds {

    /** How many peers the room of that name takes. */
    int peers(String room);

    /** How many different patterns may exist at once: a name that is not remembered is compared with all of them. */
    default int patterns() {
        return Integer.MAX_VALUE;
    }
}
