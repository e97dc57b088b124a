// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Connection;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Payload;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.session.LastingConnection;
import java.util.function.Consumer;

/**
 * A welcomed client whose session outlives its sockets. What the socket it has now brings is heard, what an older one brings
 * is not. On the session's loop.
 */
final class LastingClient implements LastingConnection.Owner {

    private final LastingConnection connection;
    private final WelcomedClient client;
    private final Hearing hearing;
    private final Consumer<SessionEnd> over;

    /** @param over is told when the session has ended, and how */
    LastingClient(LastingConnection connection, WelcomedClient client, Hearing hearing, Consumer<SessionEnd> over) {
        this.connection = connection;
        this.client = client;
        this.hearing = hearing;
        this.over = over;
    }

    LastingConnection connection() {
        return connection;
    }

    WelcomedClient client() {
        return client;
    }

    /** A text message of one of its sockets. */
    void text(Connection from, Payload payload) {
        if (connection.hears(from)) {
            hearing.text(client, payload);
        }
    }

    /** A binary message of one of its sockets. */
    void binary(Connection from) {
        if (connection.hears(from)) {
            hearing.binary(client);
        }
    }

    @Override
    public void away(boolean isAway) {
        client.away(isAway);
    }

    @Override
    public void ended(SessionEnd how, Ending last) {
        try {
            over.accept(how);
        } finally {
            client.leave(last);
        }
    }
}
