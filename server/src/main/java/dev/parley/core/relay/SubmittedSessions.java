// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.Requester;
import dev.parley.core.port.SessionId;
import dev.parley.core.room.DecidedRooms;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.LastingSession;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The sessions of one app on this node, as they were submitted to the {@link Coordinator}. Safe from any thread. */
final class SubmittedSessions {

    private final String app;
    private final DecidedRooms rooms;
    private final AppUsage usage;
    private final Coordinator coordinator;
    private final ConcurrentMap<Session, Submitted> sessions = new ConcurrentHashMap<>();
    private final ConcurrentMap<SessionId, Session> byId = new ConcurrentHashMap<>();

    /** What is known of a session. On the session's loop. */
    static final class Submitted {

        /** The state in which it was submitted last: others know it, and its rooms, in no other. */
        int state;

        /** Rooms that it has asked for, by name, about which nothing is decided. */
        final Map<String, EntryAttempt> attempts = new HashMap<>(0);

        /** Null once it was notified, or the session has departed. */
        private @Nullable ArrivalAnswer answer;

        private @Nullable LoopTimer patience;

        private final Requester requester;

        /** The sessions that its peer had before it. */
        private final EarlierSessions earlier;

        /** Its arrival is decided. On the coordinator's thread. */
        private boolean isArrived;

        Submitted(Requester requester, EarlierSessions earlier) {
            this.requester = requester;
            this.earlier = earlier;
        }

        /** Others know it; its peer has sessions on so many other nodes. */
        void arrived(int nodes, Loop loop) {
            if (answer != null) { // not once more after a loss of state
                earlier.awaitNodes(nodes, loop);
            }
            reached();
        }

        void reached() {
            ArrivalAnswer waiting = answer;
            cancel();
            if (waiting != null) {
                waiting.reachable().run();
            }
        }

        /** Also of a session that was no longer waited for. */
        void refused(ArrivalAnswer asked) {
            cancel();
            asked.refused().run();
        }

        void cancel() {
            answer = null;
            if (patience != null) {
                patience.cancel();
                patience = null;
            }
        }
    }

    SubmittedSessions(String app, DecidedRooms rooms, AppUsage usage, Coordinator coordinator) {
        this.app = app;
        this.rooms = rooms;
        this.usage = usage;
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
     * @param answer is notified when others know the session, or are no longer waited for; or it is refused
     */
    void arrive(Session session, EarlierSessions earlier, ArrivalAnswer answer) {
        SessionId id = id(session);
        Submitted submitted = new Submitted(newRequester(session), earlier);
        submitted.answer = answer;
        submitted.patience = session.loop().schedule(EntryAttempt.PATIENCE, submitted::reached);
        byId.put(id, session);
        sessions.put(session, submitted);
        submitted.state = coordinator.state(); // last: if this state is lost, the session is submitted again
        int limit = usage.maxConnections();
        submitArrival(session, submitted, limit == 0 ? PlaceRequest.ANY : limit, () -> submitted.refused(answer));
    }

    /**
     * Submits the arrival of a session.
     *
     * @param limit how many sessions the app may have
     * @param refused runs on the loop of the session if there is no place for it
     */
    private void submitArrival(Session session, Submitted submitted, int limit, Runnable refused) {
        Command arrival = new Command.Arrive(app, id(session), session.peer(), place(session, limit));
        coordinator.submit(submitted.state, submitted.requester, arrival, outcome -> {
            if (outcome instanceof Outcome.Arrived arrived) {
                submitted.isArrived = true;
                session.loop().post(() -> submitted.arrived(arrived.nodes(), session.loop()));
            } else if (outcome instanceof Outcome.Full || outcome instanceof Outcome.OverShare) {
                session.loop().post(refused);
            }
        });
    }

    /** Returns the request of a session for one of so many places. */
    static PlaceRequest place(Session session, int limit) {
        return new PlaceRequest(address(session), limit);
    }

    /** Returns the requester of what a session asks for. */
    Requester requester(Session session) {
        Submitted known = sessions.get(session);
        return known == null ? newRequester(session) : known.requester;
    }

    private static Requester newRequester(Session session) {
        return new Requester(address(session), session.peer().id());
    }

    /** What sessions of one client address have in common, the same on all nodes. */
    private static String address(Session session) {
        return session.group() instanceof InetAddress ip
                ? ip.getHostAddress()
                : session.group().toString();
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
        submitArrival(session, submitted, PlaceRequest.ANY, () -> {});
        for (RoomMembership it = session.newestMembership(); it != null; it = it.older()) {
            submitAgain((RoomMember) it, id, submitted);
        }
    }

    private void submitAgain(RoomMember member, SessionId id, Submitted submitted) {
        Command.Join.Entry entry = member.isByPattern()
                ? Command.Join.Entry.PATTERN
                : member.isEntering() ? Command.Join.Entry.ENTERS : Command.Join.Entry.LISTENS;
        String room = member.room();
        PeerIdentity peer = member.session().peer();
        String address = submitted.requester.address();
        Command command = new Command.Rejoin(app, room, id, peer, entry, address, member.isToBeAway());
        coordinator.submit(submitted.state, submitted.requester, command, outcome -> {
            if (outcome instanceof Outcome.Joined joined && joined.roster() != null) {
                rooms.replace(room, joined.roster());
            }
        });
    }
}
