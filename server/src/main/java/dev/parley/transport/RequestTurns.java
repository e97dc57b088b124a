// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Sockets of one loop that have received more requests than were answered. They are served one after the other within
 * the time of deferred tasks: client addresses have equal turns, and so have the sockets of an address. On the loop.
 */
final class RequestTurns {

    private final NettyLoop loop;

    /** The address that waits longest is first. None has an empty queue. */
    private final LinkedHashMap<AddressRange, Queue<Runnable>> waiting = new LinkedHashMap<>();

    RequestTurns(NettyLoop loop) {
        this.loop = loop;
    }

    /** Adds a socket of the client. The turn runs once; it may add the socket again. */
    void add(AddressRange client, Runnable turn) {
        if (waiting.isEmpty()) {
            loop.defer(this::serveNext);
        }
        waiting.computeIfAbsent(client, it -> new ArrayDeque<>()).add(turn);
    }

    private void serveNext() {
        Map.Entry<AddressRange, Queue<Runnable>> first = waiting.firstEntry();
        Runnable turn = first.getValue().remove();
        NettyLoop.run(turn); // the address is still listed, so what the turn adds defers no second task
        waiting.remove(first.getKey());
        if (!first.getValue().isEmpty()) {
            waiting.put(first.getKey(), first.getValue());
        }
        if (!waiting.isEmpty()) {
            loop.defer(this::serveNext);
        }
    }
}
