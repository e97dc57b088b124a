// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Encoder;
import dev.parley.core.port.Signal;
import dev.parley.core.session.Session;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** All rooms of one kind on this node: made by the first who comes, gone with the last who leaves. */
public final class Rooms {

    private final ConcurrentMap<String, Room> rooms = new ConcurrentHashMap<>();
    private final int capacity;
    private final Encoder encoder;

    /**
     * No rooms yet.
     *
     * @param capacity how many members each room takes
     * @param encoder the words its members understand
     */
    public Rooms(int capacity, Encoder encoder) {
        this.capacity = capacity;
        this.encoder = encoder;
    }

    /**
     * Lets the session into the room of that name and its roster, unless it is full. Call on the loop of the session's
     * connection.
     */
    public Entry join(String name, Session session, Interest interest) {
        return admit(name, session, interest, true);
    }

    /**
     * Lets the session hear the room of that name, unless it is full; it is in the roster once it {@link Member#enter
     * enters}. Call on the loop of the session's connection.
     */
    public Entry listen(String name, Session session, Interest interest) {
        return admit(name, session, interest, false);
    }

    /** Hands the signal to everyone in the room of that name but its sender, who need not be there. */
    public void publish(String name, Session from, Signal signal) {
        Room room = rooms.get(name);
        if (room != null) {
            room.publish(from, signal);
        }
    }

    /** How many rooms exist. */
    public int count() {
        return rooms.size();
    }

    int capacity() {
        return capacity;
    }

    Encoder encoder() {
        return encoder;
    }

    void forget(Room room) {
        rooms.remove(room.name(), room);
    }

    private Entry admit(String name, Session session, Interest interest, boolean entersAtOnce) {
        while (true) {
            Room room = rooms.computeIfAbsent(name, it -> new Room(it, this));
            Entry entry = room.admit(session, interest, entersAtOnce);
            if (entry != null) {
                return entry;
            }
            forget(room);
        }
    }
}
