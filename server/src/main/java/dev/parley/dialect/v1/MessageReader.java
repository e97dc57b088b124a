// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;

/**
 * Decodes and counts the messages of clients. Safe from any thread.
 *
 * @param decoder reads the bytes
 * @param received counts the messages by type
 */
record MessageReader(MessageDecoder decoder, MessageCounters received) {

    /** Returns the message in a text frame, valid until the same thread reads again. */
    ClientMessage text(Payload payload) {
        return counted(decoder.decode(payload));
    }

    /** Returns what a binary frame is: the protocol is text. */
    ClientMessage binary() {
        return counted(new ClientMessage.Malformed());
    }

    private ClientMessage counted(ClientMessage message) {
        received.count(message);
        return message;
    }
}
