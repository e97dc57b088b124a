// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;

/**
 * Decodes the bytes of a client and passes the messages on. Any thread.
 *
 * @param decoder reads them
 * @param heard counts them
 */
record MessageReader(MessageDecoder decoder, MessageCounters heard) {

    void text(WelcomedClient client, Payload payload) {
        hear(client, decoder.decode(payload), payload.length());
    }

    /** The protocol is text. */
    void binary(WelcomedClient client, int bytes) {
        hear(client, new ClientMessage.Malformed(), bytes);
    }

    private void hear(WelcomedClient client, ClientMessage message, int bytes) {
        heard.count(message);
        client.hear(message, bytes);
    }
}
