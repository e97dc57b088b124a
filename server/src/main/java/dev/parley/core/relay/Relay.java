// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Encoder;
import dev.parley.core.room.Rooms;

/**
 * The peers of one app on this node. Nothing of one app is seen by another.
 *
 * @param peers who is connected
 * @param rooms where they meet
 */
public record Relay(Peers peers, Rooms rooms) {

    /**
     * Nobody yet.
     *
     * @param encoder the words its peers understand
     */
    public static Relay create(Encoder encoder) {
        return new Relay(new Peers(encoder), new Rooms(Integer.MAX_VALUE, encoder));
    }
}
