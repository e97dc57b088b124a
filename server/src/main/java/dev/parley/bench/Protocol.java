// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What clients of one protocol say and understand. Its messages are payloads of WebSocket text frames. */
interface Protocol {

    /** The request target under which a client connects; null if there is no handshake and no framing: bare TCP. */
    @Nullable
    String target(Client client);

    /** More lines of the head of the handshake. */
    default String headers(Client client) {
        return "";
    }

    /** What the client sends to say this. */
    default ByteBuf say(Client client, byte[] message) {
        return ClientFrame.of(ClientFrame.TEXT, message);
    }

    /** What the client sends when it is to say the same once more: a frame made before, which stays the caller's. */
    default ByteBuf again(Client client, ByteBuf frame) {
        return frame.retainedDuplicate();
    }

    /** Whether clients hear a first word once they are connected, before which they must not speak. */
    boolean welcomes();

    /** Asks for the room of the client; null if it is in by having connected. */
    default byte @Nullable [] join(Client client) {
        return null;
    }

    /** Gives the room up; null if there is no word for it. */
    default byte @Nullable [] leave(Client client) {
        return null;
    }

    /** A signal from one to the other. */
    byte[] signal(Client from, Client to, String data);

    /** A signal to everyone else in the room of the client; null if there is no word for it. */
    default byte @Nullable [] publish(Client from, String data) {
        return null;
    }

    /** What these bytes mean. May answer by {@link Client#say} and tell the client its id. */
    Word hear(Client client, ByteBuf bytes, int index, int length);

    /** Whether a signal is acknowledged besides arriving. */
    default boolean acknowledges() {
        return false;
    }
}
