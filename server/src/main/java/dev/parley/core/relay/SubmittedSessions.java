// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionId;
import dev.parley.core.room.DecidedRooms;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.LastingSession;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The sessions of one app on this node, as they were submitted to the {@link Coordinator}. Safe from any thread. */
final class SubmittedSessions {

    private final String app;
    private final DecidedRooms rooms;
    private final Coordinator coordinator;
    private final ConcurrentMap<Session, Submitted> sessions = new ConcurrentHashMap<>();
    private final ConcurrentMap<SessionId, Session> byId = new ConcurrentHashMap<>();

    /** What is known of a session. On the session's loop. */
    static final class Submitted {

        /** The state in which it was submitted last: others know it, and its rooms, in no other. */
        int state;

        /** Rooms that it has asked for, by name, about which nothing is decided. */
        final Map<String, EntryAttempt> attempts = new HashMap<>(0);

        /** Null once it ran, or the session has departed. */
        private @Nullable Runnable reachable;

        private @Nullable LoopTimer patience;

        /** The sessions that its peer had before it. */
        private final EarlierSessions earlier;

        /** Its arrival is decided. On the coordinator's thread. */
        private boolean isArrived;

        Submitted(EarlierSessions earlier) {
            this.earlier = earlier;
        }

        /** Others know it; its peer has sessions on so many other nodes. */
        void arrived(int nodes, Loop loop) {
            if (reachable != null) { // not once more after a loss of state
                earlier.awaitNodes(nodes, loop);
            }
            reached();
        }

        void reached() {
            Runnable waiting = reachable;
            cancel();
            if (waiting != null) {
                waiting.run();
            }
        }

        void cancel() {
            reachable = null;
            if (patience != null) {
                patience.cancel();
                patience = null;
            }
        }
    }

    SubmittedSessions(String app, DecidedRooms rooms, Coordinator coordinator) {
        this.app = app;
        this.rooms = rooms;
        this.coordinator = coordinator;
    }

    /** Identifies a session among those of all nodes. */
    SessionId id(Session session) {
        return session instanceof LastingSession lasting
                ? lasting.id()
                : new SessionId(coordinator.node(), session.connection().id());
    }

    Submitted of(Session session) {
        return requireNonNull(sessions.get(session), "the session has not arrived, or has departed");
    }

    /** Returns the session of that id, null if it is not one of this node. */
    @Nullable
    Session find(SessionId id) {
        return byId.get(id);
    }

    /** Whether others know the session, so that they may send to it. On the coordinator's thread. */
    boolean isArrived(Session session) {
        Submitted submitted = sessions.get(session);
        return submitted != null && submitted.isArrived;
    }

    /**
     * Submits a new session. On its loop.
     *
     * @param earlier is notified of sessions that the peer has on other nodes
     * @param reachable runs when others know the session, or are no longer waited for
     */
    void arrive(Session session, EarlierSessions earlier, Runnable reachable) {
        SessionId id = id(session);
        Submitted submitted = new Submitted(earlier);
        submitted.reachable = reachable;
        submitted.patience = session.loop().schedule(EntryAttempt.PATIENCE, submitted::reached);
        byId.put(id, session);
        sessions.put(session, submitted);
        submitted.state = coordinator.state(); // last: if this state is lost, the session is submitted again
        submitArrival(session, submitted);
    }

    private void submitArrival(Session session, Submitted submitted) {
        Command arrival = new Command.Arrive(app, id(session), session.peer());
        coordinator.submit(submitted.state, arrival, outcome -> {
            if (outcome instanceof Outcome.Arrived arrived) {
                submitted.isArrived = true;
                session.loop().post(() -> submitted.arrived(arrived.nodes(), session.loop()));
            }
        });
    }

    /** The session is over, and not submitted again. On its loop. */
    void depart(Session session) {
        Submitted submitted = sessions.remove(session);
        if (submitted != null) {
            submitted.cancel();
        }
        byId.remove(id(session));
    }

    /** Another node has probed the earlier sessions of the peer of this one. On the coordinator's thread. */
    void probeAnswered(SessionId id, boolean isOneAlive) {
        Session session = byId.get(id);
        if (session != null) {
            session.loop().post(() -> {
                Submitted submitted = sessions.get(session);
                if (submitted != null) {
                    submitted.earlier.nodeAnswered(isOneAlive);
                }
            });
        }
    }

    /** Submits all sessions and their rooms once more: what was decided of them is lost. */
    void submitAgain(int state) {
        sessions.values().forEach(submitted -> submitted.isArrived = false);
        byId.values().forEach(session -> session.loop().post(() -> submitAgain(session, state)));
    }

    private void submitAgain(Session session, int state) {
        Submitted submitted = sessions.get(session);
        if (submitted == null) {
            return; // it has departed meanwhile
        }
        submitted.state = state;
        SessionId id = id(session);
        submitArrival(session, submitted);
        for (RoomMembership it = session.newestMembership(); it != null; it = it.older()) {
            submitAgain((RoomMember) it, id, state);
        }
    }

    private void submitAgain(RoomMember member, SessionId id, int state) {
        Command.Join.Entry entry = member.isByPattern()
                ? Command.Join.Entry.PATTERN
                : member.isEntering() ? Command.Join.Entry.ENTERS : Command.Join.Entry.LISTENS;
        String room = member.room();
        PeerIdentity peer = member.session().peer();
        Command command = new Command.Rejoin(app, room, id, peer, entry, member.isToBeAway());
        coordinator.submit(state, command, outcome -> {
            if (outcome instanceof Outcome.Joined joined && joined.roster() != null) {
                rooms.replace(room, joined.roster());
            }
        });
    }
}
