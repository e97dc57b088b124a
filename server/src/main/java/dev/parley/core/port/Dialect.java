// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/** One wire protocol. Safe from any thread: it is asked on the loops of all connections. */
public interface Dialect {

    /** Returns the name of the protocol, for operators. */
    String name();

    /** Whether the path, without its query, is one of its own. */
    boolean serves(String path);

    /**
     * Whether the request shows a credential that is public, is good, and is the only one: such a client is admitted
     * while bad credentials come from its address. Costs little.
     */
    default boolean isPublic(ClientRequest request) {
        return false;
    }

    /** Decides about a client that wants to talk on one of its paths, before the client is answered. */
    Reception receive(ClientRequest request);

    /** What a dialect decides about a client. */
    sealed interface Reception {}

    /**
     * The client is let in.
     *
     * @param protocol the one of the subprotocols the client offers that will be spoken, null for none of them
     * @param opening begins the conversation once the client has the answer
     */
    record Accepted(@Nullable String protocol, Opening opening) implements Reception {

        /** Accepts without a subprotocol. */
        public Accepted(Opening opening) {
            this(null, opening);
        }
    }

    /**
     * The client is turned away with this answer instead of a WebSocket.
     *
     * @param reason why, for the log: words none of which are the client's
     */
    record Refused(HttpReply reply, String reason) implements Reception {}

    /** Begins a conversation. */
    @FunctionalInterface
    interface Opening {

        /**
         * Starts the conversation of a connection. Called once, on its loop. It may send, admit or close at once; if it
         * closes, the conversation it returns is notified right after.
         */
        ClientConversation open(ClientConnection connection);
    }
}
