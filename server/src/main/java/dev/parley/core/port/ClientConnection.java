// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.time.Duration;

/**
 * One open socket of a client. All methods but {@link #loop} and {@link #id} are for the connection's loop only.
 */
public interface ClientConnection {

    /** The loop this connection lives on, for its whole life. */
    Loop loop();

    /**
     * The number of the socket, unique in this process: of two sockets the one that was accepted later has the higher.
     */
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
     * Whether the client takes more now. Signals wait as long as it does not; answers to the client and presence are
     * sent at any time. True for a closing connection.
     */
    boolean isWritable();

    /** Posts the task once the client takes more, or the connection has ended. */
    void whenWritable(Runnable task);

    /**
     * Pauses reading: no further message of the client is handled until each hold is taken back by
     * {@link #resumeReading}, neither from the socket nor one that was read already. The message that is being handled
     * is handled to its end. The client is not judged silent for what is not read, and messages are kept, not lost, as
     * long as the client leaves its socket open. A connection that ends reads on, to receive the client's Close frame.
     */
    void pauseReading();

    /** Takes back one hold of {@link #pauseReading}. Messages are handled again in a later task of the loop. */
    void resumeReading();

    /**
     * Asks the client for a sign of life. Without an answer in time the connection is lost, unless reading from the
     * client was paused meanwhile: then the client counts as alive.
     *
     * @param known called on the connection's loop when the client has answered, or after the conversation was notified
     *     of its end
     */
    void probe(Duration patience, Runnable known);

    /**
     * Runs the task on the connection's loop once the client has read all that was sent to it so far, when patience
     * ends, or after the conversation was notified of the end of the connection.
     */
    void whenRead(Duration patience, Runnable task);

    /**
     * Closes the connection: the one door for every reason the server may have. The first call counts, later ones do
     * nothing. The conversation is notified at once; what was sent before still goes out, then the close code, once.
     */
    void close(CloseCode code);
}
