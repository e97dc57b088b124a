// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * What one client says over one connection, in the dialect that opened the conversation. Called on the connection's
 * loop only; {@link #ended} is the last call.
 */
public interface ClientConversation {

    /** Receives a whole text message, valid UTF-8. */
    void text(Payload payload);

    /** Receives a whole binary message. */
    void binary(Payload payload);

    /**
     * The server stops and is about to close the connection; what is sent now still arrives. Not every protocol has a
     * word for it.
     */
    default void drain() {}

    /** The connection is over; nothing sent from now on arrives. */
    void ended(ConnectionEnding ending);
}
