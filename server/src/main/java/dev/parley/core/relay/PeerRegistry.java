// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.room.NameIndex;
import dev.parley.core.session.EventFrames;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import dev.parley.core.session.SignalSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connected peers by peer id. A peer may have several sessions, and all show the same to others: what the first of
 * them brought, until none is left. Safe from any thread.
 */
public final class PeerRegistry {

    private static final Session[] NONE = {};

    private final ConcurrentMap<String, Session[]> sessions = new ConcurrentHashMap<>();

    /** Ids of the peers. Changed together with the map, under the lock of the map's entry. */
    private final NameIndex ids = new NameIndex();

    PeerRegistry() {}

    /** Adds the session, and asks those its peer already has whether they still live. */
    public EarlierSessions arrive(Session session) {
        PeerIdentity own = session.peer();
        Session[] all = sessions.compute(own.id(), (id, present) -> {
            if (present == null) {
                ids.add(id);
            }
            return with(present, session);
        });
        try {
            return all.length == 1 ? EarlierSessions.NONE : EarlierSessions.ask(this, session, own, all);
        } catch (RuntimeException | Error e) { // no memory to ask one of them
            depart(session);
            throw e;
        }
    }

    /**
     * The session's earlier sessions are known, and it may enter rosters from now on.
     *
     * @param own what the session shows if its peer was gone; null if an elder is alive
     */
    void settle(Session session, @Nullable PeerIdentity own) {
        sessions.computeIfPresent(session.peer().id(), (id, all) -> {
            if (own != null && isIn(all, session) && !isSettled(all)) {
                for (Session it : all) {
                    it.setPeer(own);
                }
            }
            session.settle();
            return all;
        });
    }

    /** Returns whether the session is connected. */
    boolean holds(Session session) {
        return isIn(sessions.getOrDefault(session.peer().id(), NONE), session);
    }

    /** Takes the session out. */
    public void depart(Session session) {
        sessions.computeIfPresent(session.peer().id(), (id, present) -> {
            Session[] remaining = without(present, session);
            if (remaining == null) {
                ids.remove(id);
            }
            return remaining;
        });
    }

    /**
     * Sends the signal to every session of that peer, for a back end. Returns how many sessions took it; -1 if all of
     * them are busy; 0 if the peer has none.
     */
    public int send(PeerIdentity from, String to, Signal signal) {
        Session[] receivers = sessions.getOrDefault(to, NONE);
        if (receivers.length == 0) {
            return 0;
        }
        SessionEvent event = new SessionEvent.Sent(from, signal);
        EventFrames frames = EventFrames.begin();
        try {
            int taken = 0;
            for (Session receiver : receivers) {
                Frame frame = frames.of(event, receiver.protocol());
                if (frame != null && receiver.inbox().reserve(frame.length())) {
                    receiver.inbox().post(frame.retain(), null, null);
                    taken++;
                }
            }
            return taken == 0 ? -1 : taken;
        } finally {
            frames.release();
            count(receivers, signal);
        }
    }

    /**
     * Sends the signal to every session of that peer, the sender's own too; returns how many there are. Negative if one
     * of them is busy: then {@code answers} is notified later of what became of the signal. On the sender's loop.
     *
     * @param origin is notified if the signal does not reach a session that outlives its sockets
     * @param request the id the sender gave its request, null if none
     * @param sequence the number the sender gave its request, 0 if none
     */
    public int send(
            Session from,
            @Nullable SignalOrigin origin,
            String to,
            Signal signal,
            @Nullable String request,
            long sequence,
            SignalAnswers answers) {
        Session[] receivers = sessions.getOrDefault(to, NONE);
        if (receivers.length == 0) {
            return 0;
        }
        SessionEvent event = new SessionEvent.Sent(from.peer(), signal);
        EventFrames frames = EventFrames.begin();
        SendAttempt attempt = null;
        try {
            for (Session receiver : receivers) {
                Frame frame = frames.of(event, receiver.protocol());
                if (frame == null) {
                    continue; // its protocol has no message for a signal to one peer
                }
                if (receiver.inbox().reserve(frame.length())) {
                    receiver.inbox().post(frame.retain(), from, origin);
                } else {
                    attempt = attempt == null ? new SendAttempt(from, to, request, sequence, answers) : attempt;
                    attempt.request(receiver, frame.retain(), origin);
                }
            }
        } finally {
            frames.release();
            count(receivers, signal);
        }
        if (attempt == null) {
            return receivers.length;
        }
        attempt.begun(receivers.length);
        return -receivers.length;
    }

    /**
     * Sends a signal, which was decided to be sent, to the sessions of that peer here.
     *
     * @param receives says which of them receive it
     * @param missed is notified for each of these that had no room for it, on its loop
     */
    void deliver(
            SignalSource from,
            @Nullable SignalOrigin origin,
            String to,
            Signal signal,
            Predicate<Session> receives,
            Runnable missed) {
        Session[] receivers = sessions.getOrDefault(to, NONE);
        SessionEvent event = new SessionEvent.Sent(from.peer(), signal);
        EventFrames frames = EventFrames.begin();
        try {
            for (Session receiver : receivers) {
                Frame frame = receives.test(receiver) ? frames.of(event, receiver.protocol()) : null;
                if (frame == null) {
                    continue; // its protocol has no message for a signal to one peer
                }
                if (receiver.inbox().reserve(frame.length())) {
                    receiver.inbox().post(frame.retain(), from, origin);
                } else {
                    receiver.inbox().request(frame.retain(), from, origin, isTaken -> {
                        if (!isTaken) {
                            missed.run();
                        }
                    });
                }
            }
        } finally {
            frames.release();
            count(receivers, signal);
        }
    }

    /** Many deliveries at once are counted until they are done. */
    private static void count(Session[] receivers, Signal signal) {
        if (receivers.length > 0 && receivers[0].deliveries().isMany(receivers.length)) {
            receivers[0].deliveries().count(receivers, signal.payload().length());
        }
    }

    /** Returns how many sessions that peer has. */
    public int sessions(String id) {
        return sessions.getOrDefault(id, NONE).length;
    }

    /** Returns the sessions of that peer, the oldest first. */
    public List<Session> sessionsOf(String id) {
        return List.of(sessions.getOrDefault(id, NONE));
    }

    /** Returns the ids of all connected peers. */
    public NameIndex ids() {
        return ids;
    }

    /** Closes every connection of that peer, and returns how many there were. */
    public int close(String id, CloseCode code) {
        Session[] closed = sessions.getOrDefault(id, NONE);
        for (Session session : closed) {
            session.close(code);
        }
        return closed.length;
    }

    /** Has all sessions check what they may still do. */
    public void reconsider() {
        for (Session[] ofOnePeer : sessions.values()) {
            for (Session session : ofOnePeer) {
                session.reconsider();
            }
        }
    }

    /** Returns how many peers are connected. */
    public int count() {
        return sessions.size();
    }

    private static Session[] with(Session @Nullable [] present, Session newcomer) {
        if (present == null) {
            newcomer.settle();
            return new Session[] {newcomer};
        }
        newcomer.setPeer(present[0].peer());
        Session[] more = Arrays.copyOf(present, present.length + 1);
        more[present.length] = newcomer;
        return more;
    }

    private static boolean isIn(Session[] sessions, Session session) {
        return Arrays.stream(sessions).anyMatch(it -> it == session);
    }

    private static boolean isSettled(Session[] sessions) {
        return Arrays.stream(sessions).anyMatch(Session::isSettled);
    }

    private static Session @Nullable [] without(Session[] present, Session leaver) {
        Session[] remaining =
                Arrays.stream(present).filter(session -> session != leaver).toArray(Session[]::new);
        return remaining.length == 0 ? null : remaining;
    }
}
