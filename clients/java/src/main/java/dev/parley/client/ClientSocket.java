// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/**
 * A WebSocket as the client sees it, from when it is asked for. Its methods are called by one thread at a time, never
 * block, and never call the {@link Hearer} before they return.
 */
public interface ClientSocket {

    /** Stands for a Close code where the socket ended without one (RFC 6455, section 7.4.1). */
    int NO_CLOSE = 1006;

    /** Sends a text frame after all sent before, once the socket is open. */
    void send(String text);

    /** Sends what was sent before, then a Close frame, and ends the socket soon after. */
    void close(int code, String reason);

    /** Ends the socket at once and without a Close frame. */
    void abort();

    /** Receives the events of a socket in order, one at a time, on any thread. */
    interface Hearer {

        /**
         * The server has accepted.
         *
         * @param subprotocol the one it chose; empty if none
         */
        void opened(String subprotocol);

        /** A part of a message that is not complete. */
        void heardPart();

        /** Receives a whole text message. */
        void received(String text);

        /**
         * The socket could not be opened, or has ended. Later calls mean nothing.
         *
         * @param code of the server's Close frame, {@link ClientSocket#NO_CLOSE} if there was none
         * @param reason for people; may be empty
         */
        void ended(int code, String reason);
    }
}
