// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.PatternCost;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import dev.parley.core.session.SignalSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Changes rooms of this node as it was decided for all nodes. On one thread at a time. */
public final class DecidedRooms {

    /**
     * A node remembers for which names a publisher has paid, up to so many for each app. Every node remembers the
     * matches of many more: of the names of all nodes.
     */
    public static final int REMEMBERED = 256;

    private final RoomRegistry rooms;
    private final DecidedNames names = new DecidedNames();

    /** @param rooms of one app */
    public DecidedRooms(RoomRegistry rooms) {
        this.rooms = rooms;
    }

    /** How many peers the room of that name may have. */
    public int capacity(String name) {
        return rooms.bounds().peers(name);
    }

    /** Returns what it costs to compare a name with all patterns of sessions here. */
    public PatternCost patternCost() {
        return rooms.patternCost();
    }

    /** Lets a session hear every room whose name matches. The caller adds the membership to the session. */
    public EntryResult listen(ChannelPattern pattern, Session session, MemberInterest interest) {
        return rooms.listen(pattern, session, interest);
    }

    /**
     * Lets a session hear the room of that name. The caller adds the membership to the session.
     *
     * @param entersAtOnce whether it enters the roster as well
     * @param entries the roster on other nodes; null if the room has it
     */
    public RoomMember listen(
            String name,
            Session session,
            MemberInterest interest,
            boolean entersAtOnce,
            @Nullable List<RosterEntry> entries) {
        return rooms.inRoom(name, room -> room.admitDecided(session, interest, entersAtOnce, entries));
    }

    /** Returns the steps of comparisons of names with patterns since the last call. */
    public long takeSteps() {
        return names.takeSteps();
    }

    /** How many sessions here are in the room of that name. Safe from any thread. */
    public int members(String name) {
        return rooms.members(name);
    }

    /** How many sessions here receive what is published to the room of that name, also by a pattern. */
    public int receivers(String name) {
        return rooms.audience(name, names).length;
    }

    /**
     * How many sessions receive what is published to the room of that name, here and on other nodes, as far as this one
     * knows. Safe from any thread.
     */
    public OptionalInt expected(String name) {
        Room room = rooms.find(name);
        return room == null
                ? OptionalInt.empty()
                : OptionalInt.of(room.members().count() + room.remoteSessions());
    }

    /** Sends a signal to all in the room of that name. The entry of its sender is announced first, if that waits. */
    public void publish(String name, SignalSource from, @Nullable SignalOrigin origin, Signal signal) {
        Room room = rooms.find(name);
        if (room != null) {
            room.announceEntry(from.peer().id(), null);
        }
        rooms.publish(name, from.peer(), from, origin, signal, names);
    }

    /** A session on another node is in the roster of the room of that name, or is away or back. */
    public void put(String name, RosterEntry entry) {
        change(name, it -> it.put(entry));
    }

    /** A session on another node has left the roster of the room of that name. */
    public void remove(String name, SessionId session) {
        change(name, it -> it.remove(session));
    }

    /** The roster on other nodes is this: sessions that are not in it, nor put again in time, leave. */
    public void replace(String name, List<RosterEntry> entries) {
        change(name, it -> it.replace(entries));
    }

    /** Rosters on other nodes may be out of date: sessions that are not put again in time leave. */
    public void unconfirm() {
        rooms.forEach(room -> room.changeRemote(RemoteRoster::unconfirm));
    }

    private void change(String name, Consumer<RemoteRoster> change) {
        Room room = rooms.find(name);
        if (room != null) {
            room.changeRemote(change);
        }
    }
}
