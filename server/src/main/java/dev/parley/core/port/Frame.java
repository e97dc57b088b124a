// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One outbound message, encoded once for everyone who is to receive it.
 *
 * <p>Frames are counted: whoever makes one owns one reference, {@link Connection#send} consumes one, and a frame that
 * is not sent after all must be released. Counting is safe from any thread.
 */
public interface Frame {

    /** The number of bytes it takes in a queue, what the queue itself needs for it included. */
    int length();

    /** Returns the peer whose signal it carries; null if it carries none. */
    default @Nullable Peer sender() {
        return null;
    }

    /** Returns the size of the signal it carries, in bytes; 0 if it carries none. */
    default int signalBytes() {
        return 0;
    }

    /** Returns the peers it introduces to the receiver; empty for most messages. */
    default List<Peer> introduced() {
        return List.of();
    }

    /** Returns whether the peers it introduces were there already, and not only entered now. */
    default boolean isRoster() {
        return false;
    }

    /** Adds one reference and returns this frame. */
    Frame retain();

    /** Gives one reference back. */
    void release();
}
