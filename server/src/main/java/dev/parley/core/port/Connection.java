// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.time.Duration;

/**
 * One open socket of a client. All methods but {@link #loop} and {@link #id} are for the connection's loop only.
 */
public interface Connection {

    /** The loop this connection lives on, for its whole life. */
    Loop loop();

    /** The number of the socket, unique in this process: of two sockets the one that was accepted later has the higher. */
    long id();

    /**
     * Says that the client may stay. A connection that was not admitted within the admission time is closed.
     */
    void admitted();

    /**
     * Sends a message after all those sent before, and consumes one reference of it. On a closing connection it is
     * dropped. A connection whose outbound queue passes its bound is closed with {@link CloseCode#SLOW_CONSUMER}.
     */
    void send(Frame frame);

    /**
     * Asks the client for a sign of life. Without an answer in time the connection is lost.
     *
     * @param known called on the connection's loop when the client has answered, or after the conversation was told
     *     of its end
     */
    void probe(Duration patience, Runnable known);

    /**
     * Runs the task on the connection's loop once the client has read all that was sent to it so far, when patience
     * ends, or after the conversation was told of the end of the connection.
     */
    void whenRead(Duration patience, Runnable task);

    /**
     * Closes the connection: the one door for every reason the server may have. The first call counts, later ones do
     * nothing. The conversation is told at once; what was sent before still goes out, then the close code, once.
     */
    void close(CloseCode code);
}
