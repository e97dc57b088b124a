// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * One outbound message, encoded once for everyone who is to receive it.
 *
 * <p>Frames are counted: whoever makes one owns one reference, {@link ClientConnection#send} consumes one, and a frame
 * that is not sent after all must be released. Counting is safe from any thread.
 */
public interface Frame {

    /** The number of bytes it takes in a queue, what the queue itself needs for it included. */
    int length();

    /** Adds one reference and returns this frame. */
    Frame retain();

    /** Gives one reference back. */
    void release();

    /**
     * Counts one more place where this frame waits. Returns the bytes of memory that wait because of it: 0 if the frame
     * waits elsewhere already, as all receivers share one copy.
     */
    int hold();

    /** Counts one place less. Returns the bytes of memory that wait no longer. */
    int unhold();
}
