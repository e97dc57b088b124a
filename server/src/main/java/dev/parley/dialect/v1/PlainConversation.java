// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Payload;

/** With a welcomed client whose session ends with its socket. On the connection's loop. */
record PlainConversation(Connection connection, WelcomedClient client, Hearing hearing, Words words)
        implements Conversation {

    @Override
    public void text(Payload payload) {
        hearing.text(client, payload);
    }

    @Override
    public void binary(Payload payload) {
        hearing.binary(client, payload.length());
    }

    @Override
    public void goingAway() {
        connection.send(words.goingAway());
    }

    @Override
    public void ended(Ending ending) {
        client.leave(ending);
    }
}
