// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.session.LastingConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A welcomed client whose session outlives its sockets. What the socket it has now brings is heard, what an older one
 * brings is not. On the session's loop.
 */
final class LastingClient implements LastingConnection.Owner {

    private final LastingConnection connection;
    private final WelcomedClient client;
    private final MessageReader reader;
    private final Consumer<SessionEnd> over;

    /** What arrived from sockets on other loops while reading was paused. Null until there is any. */
    private @Nullable Deque<Unread> unread;

    private record Unread(ClientConnection from, Runnable message) {}

    /** @param over is called when the session has ended, with how */
    LastingClient(
            LastingConnection connection, WelcomedClient client, MessageReader reader, Consumer<SessionEnd> over) {
        this.connection = connection;
        this.client = client;
        this.reader = reader;
        this.over = over;
    }

    LastingConnection connection() {
        return connection;
    }

    WelcomedClient client() {
        return client;
    }

    /** A text message of one of its sockets. */
    void text(ClientConnection from, Payload payload) {
        if (connection.acceptFrom(from)) {
            reader.text(client, payload);
        }
    }

    /** A binary message of one of its sockets. */
    void binary(ClientConnection from, int bytes) {
        if (connection.acceptFrom(from)) {
            reader.binary(client, bytes);
        }
    }

    /**
     * Handles what a socket on another loop has read, once all data before it was handled and reading is not paused.
     */
    void handle(ClientConnection from, Runnable message) {
        if (!connection.isCurrent(from)) {
            return;
        }
        dropUnreadOfOthers(from);
        if (connection.isReadingPaused() || (unread != null && !unread.isEmpty())) {
            unread = unread == null ? new ArrayDeque<>() : unread;
            unread.addLast(new Unread(from, message));
        } else {
            message.run();
        }
    }

    /** What an older socket brought does not count any more. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    private void dropUnreadOfOthers(ClientConnection from) {
        if (unread != null && !unread.isEmpty() && unread.getFirst().from() != from) {
            unread.clear();
        }
    }

    @Override
    public void readingResumed() {
        if (unread != null) {
            connection.loop().post(this::readOn);
        }
    }

    private void readOn() {
        Deque<Unread> messages = unread;
        while (messages != null && !messages.isEmpty() && !connection.isReadingPaused()) {
            messages.removeFirst().message().run();
        }
    }

    @Override
    public void away(boolean isAway) {
        client.away(isAway);
    }

    @Override
    public void ended(SessionEnd how, ConnectionEnding last) {
        try {
            over.accept(how);
        } finally {
            client.leave(last);
        }
    }
}
