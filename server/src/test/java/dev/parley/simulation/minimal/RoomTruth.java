// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.minimal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The minimal protocol in its shortest form, as a reference: who is where, and what everyone must read next. */
final class RoomTruth {

    private static final int PEERS = 2;

    private final Map<String, List<Long>> rooms = new HashMap<>();
    private final History history;

    RoomTruth(History history) {
        this.history = history;
    }

    void joined(long client, String room) {
        List<Long> present = rooms.computeIfAbsent(room, it -> new ArrayList<>());
        if (present.size() == PEERS) {
            history.due(client, "close 1013 room full");
            return;
        }
        history.due(client, "text {\"type\":\"welcome\",\"polite\":" + !present.isEmpty() + "}");
        present.forEach(other -> history.due(other, "text {\"type\":\"ready\"}"));
        present.add(client);
    }

    void sent(long client, String frame) {
        rooms.values().stream()
                .filter(present -> present.contains(client))
                .flatMap(List::stream)
                .filter(other -> other != client)
                .forEach(other -> history.due(other, frame));
    }

    void left(long client) {
        rooms.values().forEach(present -> present.remove(client));
        rooms.values().removeIf(List::isEmpty);
        history.gone(client);
    }

    int rooms() {
        return rooms.size();
    }
}
