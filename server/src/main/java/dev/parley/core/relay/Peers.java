// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Encoder;
import dev.parley.core.port.Event;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Peer;
import dev.parley.core.port.Signal;
import dev.parley.core.session.Origin;
import dev.parley.core.session.Session;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, by peer id. A peer may have several sessions, and all show the same to others: what the first of them
 * brought, until none is left. Safe from any thread.
 */
public final class Peers {

    private static final Session[] NONE = {};

    private final ConcurrentMap<String, Session[]> sessions = new ConcurrentHashMap<>();
    private final Encoder encoder;

    Peers(Encoder encoder) {
        this.encoder = encoder;
    }

    /** Adds the session, and asks those its peer already has whether they still live. */
    public Elders arrive(Session session) {
        Peer own = session.peer();
        Session[] all = sessions.compute(own.id(), (id, present) -> with(present, session));
        return all.length == 1 ? Elders.NONE : Elders.ask(this, session, own, all);
    }

    /**
     * The session's elders are known, and it may enter rosters from now on.
     *
     * @param own what the session shows if its peer was gone; null if an elder is alive
     */
    void settle(Session session, @Nullable Peer own) {
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
        sessions.computeIfPresent(session.peer().id(), (id, present) -> without(present, session));
    }

    /** Hands the signal to every session of that peer, the sender's own too; returns how many there are. */
    public int send(Peer from, String to, Signal signal) {
        return send(from, null, to, signal);
    }

    /** Likewise; the origin is told if the signal may not reach a session that outlives its sockets. */
    public int send(Peer from, @Nullable Origin origin, String to, Signal signal) {
        Session[] receivers = sessions.getOrDefault(to, NONE);
        if (receivers.length == 0) {
            return 0;
        }
        Frame frame = encoder.encode(new Event.Sent(from, signal));
        if (frame != null) {
            for (Session receiver : receivers) {
                receiver.post(frame.retain(), origin);
            }
            frame.release();
        }
        return receivers.length;
    }

    /** How many sessions that peer has. */
    public int sessions(String id) {
        return sessions.getOrDefault(id, NONE).length;
    }

    /** Closes every connection of that peer, and returns how many there were. */
    public int close(String id, CloseCode code) {
        Session[] closed = sessions.getOrDefault(id, NONE);
        for (Session session : closed) {
            session.close(code);
        }
        return closed.length;
    }

    /** Has every session look at what it may do. */
    public void reconsider() {
        for (Session[] ofOnePeer : sessions.values()) {
            for (Session session : ofOnePeer) {
                session.reconsider();
            }
        }
    }

    /** Who is connected, and how many connections each has, in no particular order. */
    public Map<Peer, Integer> present() {
        Map<Peer, Integer> present = new HashMap<>();
        sessions.forEach((id, all) -> present.put(all[0].peer(), all.length));
        return present;
    }

    /** How many peers are connected. */
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
