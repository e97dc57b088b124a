// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Peers whose entries wait to be announced on this node, while other nodes know of them already: before a signal of
 * such a peer, or for it, the entry has to be announced. Safe from any thread.
 */
final class DelayedEntries {

    /** The rooms by peer id; none is empty. */
    private final ConcurrentMap<String, Set<Room>> rooms = new ConcurrentHashMap<>();

    void add(String peer, Room room) {
        rooms.compute(peer, (id, known) -> {
            Set<Room> all = known == null ? new HashSet<>(2) : known;
            all.add(room);
            return all;
        });
    }

    void remove(String peer, Room room) {
        rooms.computeIfPresent(peer, (id, known) -> {
            known.remove(room);
            return known.isEmpty() ? null : known;
        });
    }

    /** Announces the entries of that peer now. */
    void announce(String peer) {
        if (!rooms.isEmpty()) {
            Set<Room> known = rooms.remove(peer);
            if (known != null) {
                List.copyOf(known).forEach(Room::settle);
            }
        }
    }
}
