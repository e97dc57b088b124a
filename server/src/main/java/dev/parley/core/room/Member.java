// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Event;
import dev.parley.core.session.Session;

/** A session's place in a room. For the loop of that session's connection only. */
public final class Member {

    private final Room room;
    private final Session session;

    Member(Room room, Session session) {
        this.room = room;
        this.session = session;
    }

    /** Hands the signal to every other member. With nobody else there it is dropped: rooms keep nothing. */
    public void relay(Event.Signal signal) {
        room.relay(this, signal);
    }

    /** Gives the place up; later calls do nothing. Returns how many members remain. */
    public int leave() {
        return room.leave(this);
    }

    void deliver(Event event) {
        session.deliver(event);
    }
}
