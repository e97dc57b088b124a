// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;

/** Receives the messages of clients: the scenario that runs, or one step of it. */
interface FrameListener {

    /** The client is connected and was let in. */
    default void opened(BenchClient client) {}

    /** Handles that the client has joined its room. */
    default void joined(BenchClient client) {}

    /** Handles a signal that the client received. */
    default void signal(BenchClient client) {}

    /** Handles an acknowledgement. */
    default void acknowledged(BenchClient client) {}

    /** Presence arrived; the bytes are borrowed for the call. */
    default void presence(BenchClient client, ByteBuf bytes, int index, int length) {}

    /**
     * The client has no connection any more, or something was refused to it.
     *
     * @param why in a few words
     */
    void lost(BenchClient client, String why);
}
