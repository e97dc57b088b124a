// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** What core tells a session; the session's dialect puts it into words, see {@link Encoder}. */
public sealed interface Event {

    /**
     * The session itself entered a room.
     *
     * @param others how many members were there before
     */
    record Joined(int others) implements Event {}

    /** Another peer entered the room. */
    record PeerJoined() implements Event {}

    /** Another peer left the room. */
    record PeerLeft() implements Event {}

    /**
     * An opaque payload from another peer.
     *
     * @param kind how it was framed
     * @param payload borrowed for the call, see {@link Payload}
     */
    record Signal(Kind kind, Payload payload) implements Event {}

    /** How a signal is framed: a receiver gets the kind the sender used. */
    enum Kind {
        /** Valid UTF-8. */
        TEXT,
        /** Any bytes. */
        BINARY
    }
}
