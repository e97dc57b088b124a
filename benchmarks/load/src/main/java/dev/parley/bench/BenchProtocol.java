// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What clients of one protocol say and understand. Its messages are payloads of WebSocket text frames. */
interface BenchProtocol {

    /** The request target under which a client connects; null if there is no handshake and no framing: bare TCP. */
    @Nullable
    String target(BenchClient client);

    /** More lines of the head of the handshake. */
    default String headers(BenchClient client) {
        return "";
    }

    /** Returns the frame that sends this message. */
    default ByteBuf say(BenchClient client, byte[] message) {
        return ClientFrame.of(ClientFrame.TEXT, message);
    }

    /** Returns a frame with the message of this one, which stays the caller's. */
    default ByteBuf copy(BenchClient client, ByteBuf frame) {
        return frame.retainedDuplicate();
    }

    /** Whether clients hear a first word once they are connected, before which they must not speak. */
    boolean welcomes();

    /** Asks for the room of the client; null if it is in by having connected. */
    default byte @Nullable [] join(BenchClient client) {
        return null;
    }

    /** Gives the room up; null if there is no word for it. */
    default byte @Nullable [] leave(BenchClient client) {
        return null;
    }

    /** Returns a signal from one client to the other. */
    byte[] signal(BenchClient from, BenchClient to, String data);

    /** A signal to everyone else in the room of the client; null if there is no word for it. */
    default byte @Nullable [] publish(BenchClient from, String data) {
        return null;
    }

    /** What these bytes mean. May answer by {@link BenchClient#say} and tell the client its id. */
    ServerWord handle(BenchClient client, ByteBuf bytes, int index, int length);

    /** Whether a signal is acknowledged besides arriving. */
    default boolean acknowledges() {
        return false;
    }
}
