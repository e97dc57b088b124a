// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.session.Session;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** All rooms of one kind on this node: made by the first who joins, gone with the last who leaves. */
public final class Rooms {

    private final ConcurrentMap<String, Room> rooms = new ConcurrentHashMap<>();
    private final int capacity;

    /**
     * No rooms yet.
     *
     * @param capacity how many members each room takes
     */
    public Rooms(int capacity) {
        this.capacity = capacity;
    }

    /** Lets the session into the room of that name, unless it is full. Call on the loop of the session's connection. */
    public Entry join(String name, Session session) {
        while (true) {
            Room room = rooms.computeIfAbsent(name, it -> new Room(it, capacity, this));
            Entry entry = room.join(session);
            if (entry != null) {
                return entry;
            }
            forget(room);
        }
    }

    /** How many rooms exist. */
    public int count() {
        return rooms.size();
    }

    void forget(Room room) {
        rooms.remove(room.name(), room);
    }
}
