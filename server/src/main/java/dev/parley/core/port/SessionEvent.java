// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;

/** What core tells a session; a dialect puts it into words, see {@link EventEncoder}. */
public sealed interface SessionEvent {

    /**
     * The roster of a room, for a member that entered it or asked for it again. A long roster comes in several parts.
     *
     * @param others each peer once, without the receiver
     */
    record Roster(String room, List<PeerIdentity> others) implements SessionEvent {
        /** Keeps a copy. */
        public Roster {
            others = List.copyOf(others);
        }
    }

    /**
     * The peers that entered and left a room since the event before. No peer is on both lists.
     *
     * @param joined each of them was not there
     * @param left each of them was there
     */
    record Changed(String room, List<PeerIdentity> joined, List<PeerIdentity> left) implements SessionEvent {
        /** Keeps copies. */
        public Changed {
            joined = List.copyOf(joined);
            left = List.copyOf(left);
        }
    }

    /**
     * A signal for everyone in a room.
     *
     * @param showsMetadata whether the receiver asked to see the sender's metadata
     */
    record Published(String room, PeerIdentity from, boolean showsMetadata, Signal signal) implements SessionEvent {}

    /** A signal for one peer. */
    record Sent(PeerIdentity from, Signal signal) implements SessionEvent {}

    /**
     * What a sender said to a peer, by any of its requests from one number through another, may not have arrived.
     *
     * @param to the peer's id
     */
    record Undelivered(String to, long from, long through, UndeliveredReason why) implements SessionEvent {}

    /**
     * Peers in a room lost their sockets a while ago and are waited for, or are back. Many peers come in several parts.
     *
     * @param peers their ids
     */
    record Waiting(String room, List<String> peers, boolean areBack) implements SessionEvent {
        /** Keeps a copy. */
        public Waiting {
            peers = List.copyOf(peers);
        }
    }
}
