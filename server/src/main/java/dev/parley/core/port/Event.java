// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;

/** What core tells a session; a dialect puts it into words, see {@link Encoder}. */
public sealed interface Event {

    /**
     * Who else is in a room: told to whoever entered it, or asked again. A long roster comes in several parts.
     *
     * @param others each peer once, without the one who is told
     */
    record Roster(String room, List<Peer> others) implements Event {
        /** Keeps a copy. */
        public Roster {
            others = List.copyOf(others);
        }
    }

    /** Another peer entered a room. */
    record PeerJoined(String room, Peer peer) implements Event {}

    /** Another peer left a room. */
    record PeerLeft(String room, Peer peer) implements Event {}

    /**
     * A signal for everyone in a room.
     *
     * @param showsMetadata whether the receiver asked to see the sender's metadata
     */
    record Published(String room, Peer from, boolean showsMetadata, Signal signal) implements Event {}

    /** A signal for one peer. */
    record Sent(Peer from, Signal signal) implements Event {}
}
