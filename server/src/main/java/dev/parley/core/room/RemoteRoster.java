// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionId;
import java.time.Duration;
import java.util.List;

/**
 * The part of a room's roster that is on other nodes: its changes, as a coordinator decides them, and their
 * announcements to the members. Under the lock of the room, which has a member.
 */
final class RemoteRoster {

    /** How long sessions may take to be put again after a loss: all is right within 5 s, and noticing it takes time. */
    private static final Duration RETURN = Duration.ofSeconds(4);

    private final Room room;
    private final RemoteSessions sessions = new RemoteSessions();

    RemoteRoster(Room room) {
        this.room = room;
    }

    RemoteSessions sessions() {
        return sessions;
    }

    /** A session is in the roster, or is away or back. */
    void put(RosterEntry entry) {
        String peer = entry.peer().id();
        boolean isNew = !sessions.holds(peer) && !room.members().hasEntered(peer);
        add(entry);
        if (isNew) {
            room.announcements().enter(anyLoop(), entry.peer());
        }
        room.announcements().reviewAbsence(peer, anyLoop());
    }

    /** Adds a session that no member has to be told of. */
    void add(RosterEntry entry) {
        RosterEntry before = sessions.get(entry.session());
        sessions.put(entry);
        room.announcements().countAway((entry.isAway() ? 1 : 0) - (before != null && before.isAway() ? 1 : 0));
    }

    /** A session has left the roster. */
    void remove(SessionId session) {
        RosterEntry leaver = sessions.remove(session);
        if (leaver == null) {
            return;
        }
        room.announcements().countAway(leaver.isAway() ? -1 : 0);
        PeerIdentity peer = leaver.peer();
        if (!sessions.holds(peer.id()) && !room.members().hasEntered(peer.id())) {
            room.announcements().leave(anyLoop(), peer);
        }
        room.announcements().reviewAbsence(peer.id(), anyLoop());
    }

    /** The roster may be out of date: sessions that are not put again in time leave. */
    void unconfirm() {
        if (!sessions.isEmpty()) {
            int loss = sessions.unconfirm();
            anyLoop().schedule(RETURN, () -> room.changeRemote(it -> dropUnconfirmed(loss)));
        }
    }

    /** The roster is this one: sessions that it lacks leave, unless they are put again in time. */
    void replace(List<RosterEntry> entries) {
        unconfirm();
        entries.forEach(this::put);
    }

    /** Sessions that became unconfirmed once more have their whole time again. */
    private void dropUnconfirmed(int loss) {
        if (sessions.losses() == loss) {
            sessions.unconfirmed().forEach(this::remove);
        }
    }

    private Loop anyLoop() {
        return room.members().all()[0].session().loop();
    }
}
