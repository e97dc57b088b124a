// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;

/** Who is told what clients hear: the scenario that is played, or one step of it. */
interface Audience {

    /** The client is connected and was let in. */
    default void opened(Client client) {}

    /** The client is in its room. */
    default void joined(Client client) {}

    /** The client got a signal. */
    default void signal(Client client) {}

    /** A signal of the client was acknowledged. */
    default void acknowledged(Client client) {}

    /** The client was told of others; the bytes are borrowed for the call. */
    default void presence(Client client, ByteBuf bytes, int index, int length) {}

    /**
     * The client has no connection any more, or something was refused to it.
     *
     * @param why in a few words
     */
    void lost(Client client, String why);
}
