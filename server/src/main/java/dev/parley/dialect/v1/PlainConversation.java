// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;

/** With a welcomed client whose session ends with its socket. On the connection's loop. */
record PlainConversation(ClientConnection connection, WelcomedClient client, MessageReader reader, V1Messages messages)
        implements ClientConversation {

    @Override
    public void text(Payload payload) {
        reader.text(client, payload);
    }

    @Override
    public void binary(Payload payload) {
        reader.binary(client, payload.length());
    }

    @Override
    public void drain() {
        connection.send(messages.goingAway());
    }

    @Override
    public void ended(ConnectionEnding ending) {
        client.leave(ending);
    }
}
