// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import java.util.ArrayDeque;
import java.util.Deque;

/** Messages that a socket on another loop has read while reading was paused. On the session's loop. */
final class UnreadMessages {

    private final Deque<Unread> messages = new ArrayDeque<>();

    private record Unread(ClientConnection from, Runnable message) {}

    boolean isEmpty() {
        return messages.isEmpty();
    }

    void add(ClientConnection from, Runnable message) {
        messages.addLast(new Unread(from, message));
    }

    /** Removes the next message, of which there must be one. */
    Runnable next() {
        return messages.removeFirst().message();
    }

    /** Drops all messages if they are of another socket, which is an older one: they count no more. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    void dropUnlessOf(ClientConnection socket) {
        if (!messages.isEmpty() && messages.getFirst().from() != socket) {
            messages.clear();
        }
    }
}
