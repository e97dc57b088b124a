// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.config.ContinuitySettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.UndeliveredReason;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The sessions of this node that outlive their sockets. Safe from any thread. */
public final class SessionRegistry {

    private final ContinuitySettings bounds;
    private final ResumeTokens tokens;
    private final ServerObserver observer;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger away = new AtomicInteger();
    private final ConcurrentMap<SessionId, LastingSession> sessions = new ConcurrentHashMap<>();

    /** Why sessions ended before their resume windows expired; each for as long as a window. */
    private final ConcurrentMap<SessionId, SessionEnd> endings = new ConcurrentHashMap<>();

    /**
     * A registry without sessions.
     *
     * @param bounds how long a session waits for its client, and how much is kept for it
     * @param tokens seals and opens resume tokens
     */
    public SessionRegistry(ContinuitySettings bounds, ResumeTokens tokens, ServerObserver observer) {
        this.bounds = bounds;
        this.tokens = tokens;
        this.observer = observer;
    }

    /** Returns what seals and opens resume tokens. */
    public ResumeTokens tokens() {
        return tokens;
    }

    /**
     * Returns a new session, which {@link #add} registers once it has a client.
     *
     * @param socket its first one
     * @param peer what others see of it
     * @param group see {@link Session}
     */
    public LastingSession create(
            ClientConnection socket, PeerIdentity peer, Object group, SessionTerms terms, LastingProtocol protocol) {
        SessionId id = new SessionId(tokens.epoch(), numbers.incrementAndGet());
        LastingConnection connection = new LastingConnection(
                this, protocol, socket, peer.id(), terms.memory().of(group));
        return new LastingSession(id, connection, peer, group, terms, protocol, this);
    }

    /** Adds a session, which is then found by its id and its resume tokens. */
    public void add(LastingSession session) {
        sessions.put(session.id(), session);
    }

    /** Removes a session that has ended. On its loop. */
    void forget(LastingSession session, SessionEnd how) {
        SessionId id = session.id();
        boolean isToBeRemembered = how != SessionEnd.LEFT && how != SessionEnd.EXPIRED;
        if (isToBeRemembered) {
            endings.put(id, how);
        }
        sessions.remove(id);
        if (isToBeRemembered) {
            session.loop().schedule(bounds.window(), () -> endings.remove(id));
        }
    }

    /**
     * Returns what a resume token identifies.
     *
     * @param holder whom the token was made for
     */
    public ResumeTarget find(String token, String holder) {
        ResumeTokens.Ticket ticket = tokens.open(token, holder);
        if (ticket == null) {
            return ResumeTarget.Over.UNKNOWN;
        }
        SessionId id = ticket.session();
        if (!id.epoch().equals(tokens.epoch())) {
            return ResumeTarget.Over.of(SessionEnd.STATE_LOST, ticket.peerId());
        }
        LastingSession session = sessions.get(id);
        return session != null
                ? new ResumeTarget.Alive(session, ticket.turn())
                : ResumeTarget.Over.of(endings.getOrDefault(id, SessionEnd.EXPIRED), ticket.peerId());
    }

    /**
     * Counts requests that may not have arrived, and notifies their sender if its session goes on.
     *
     * @param to the id of the peer they were for
     */
    void reportUndelivered(UnconfirmedFrames.Span span, String to, UndeliveredReason reason) {
        observer.undelivered(reason);
        LastingSession sender = sessions.get(span.sender());
        if (sender != null) {
            sender.reportUndelivered(new SessionEvent.Undelivered(to, span.from(), span.through(), reason));
        }
    }

    /** The server stops: signals kept for clients that are away will not reach them, and the senders are notified. */
    public void drain() {
        for (LastingSession session : sessions.values()) {
            session.loop().post(session.connection()::drain);
        }
    }

    /** Returns how many sessions there are. */
    public int count() {
        return sessions.size();
    }

    /** Returns how many sessions have no socket. */
    public long away() {
        return away.get();
    }

    /** Counts sessions that lost their socket; negative for those that have one again, or have ended. */
    void countAway(int more) {
        away.addAndGet(more);
    }

    ContinuitySettings bounds() {
        return bounds;
    }
}
