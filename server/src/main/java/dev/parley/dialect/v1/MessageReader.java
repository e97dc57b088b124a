// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;

/**
 * Decodes the bytes of a client and passes the messages on. Any thread.
 *
 * @param decoder reads them
 * @param received counts them
 */
record MessageReader(MessageDecoder decoder, MessageCounters received) {

    void text(WelcomedClient client, Payload payload) {
        handle(client, decoder.decode(payload), payload.length());
    }

    /** The protocol is text. */
    void binary(WelcomedClient client, int bytes) {
        handle(client, new ClientMessage.Malformed(), bytes);
    }

    private void handle(WelcomedClient client, ClientMessage message, int bytes) {
        received.count(message);
        client.handle(message, bytes);
    }
}
