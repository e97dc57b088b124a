// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Loop;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.session.LastingTerms;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The clients of this node whose sessions outlive their sockets, and how to find the one a resume token is of. Any
 * thread.
 */
public final class LastingClients {

    /** The reason sent for an unknown resume token. */
    static final String UNKNOWN = "unknown";

    private final LastingTerms terms;
    private final ResumeTokens tokens;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, LastingClient> clients = new ConcurrentHashMap<>();

    /** Of sessions that ended otherwise than by waiting in vain, for as long as one waits. */
    private final ConcurrentMap<Long, SessionEnd> endings = new ConcurrentHashMap<>();

    /** What a resume token leads to. */
    sealed interface Found {

        /** To a session, as long as nobody finds that the token is void. */
        record Alive(LastingClient client, ResumeTokens.Ticket ticket) implements Found {}

        /**
         * To none.
         *
         * @param reason for the client
         * @param peerId it may have again; null if it may not
         */
        record Over(String reason, @Nullable String peerId) implements Found {

            static Over of(SessionEnd how, String peerId) {
                return switch (how) {
                    case LEFT, EXPIRED -> new Over(SessionEnd.EXPIRED.word(), peerId);
                    case OVERFLOW, STATE_LOST -> new Over(how.word(), peerId);
                    case GOING_AWAY -> new Over(SessionEnd.STATE_LOST.word(), peerId);
                    case REPLACED, REVOKED -> new Over(how.word(), null);
                };
            }
        }
    }

    LastingClients(LastingTerms terms, ResumeTokens tokens) {
        this.terms = terms;
        this.tokens = tokens;
    }

    LastingTerms terms() {
        return terms;
    }

    ResumeTokens tokens() {
        return tokens;
    }

    /** How many clients are away. */
    public long away() {
        return terms.away().get();
    }

    /** How many sessions there are. */
    public int count() {
        return clients.size();
    }

    /** The server stops: signals kept for clients that are away will not reach them, and the senders are notified. */
    public void drain() {
        for (LastingClient client : clients.values()) {
            client.connection().loop().post(client.connection()::drain);
        }
    }

    /** A number for a new session. */
    long next() {
        return numbers.incrementAndGet();
    }

    void add(long number, LastingClient client) {
        clients.put(number, client);
    }

    /** On the session's loop. */
    void forget(long number, SessionEnd how, Loop loop) {
        boolean isToBeRemembered = how != SessionEnd.LEFT && how != SessionEnd.EXPIRED;
        if (isToBeRemembered) {
            endings.put(number, how);
        }
        clients.remove(number);
        if (isToBeRemembered) {
            loop.schedule(terms.bounds().window(), () -> endings.remove(number));
        }
    }

    /** @param holder whom the token was made for */
    Found find(ResumeRequest resume, String holder) {
        ResumeTokens.Ticket ticket = tokens.open(resume.token(), holder);
        if (ticket == null) {
            return new Found.Over(UNKNOWN, null);
        }
        if (!ticket.epoch().equals(tokens.epoch())) {
            return Found.Over.of(SessionEnd.STATE_LOST, ticket.peerId());
        }
        LastingClient client = clients.get(ticket.session());
        return client != null
                ? new Found.Alive(client, ticket)
                : Found.Over.of(endings.getOrDefault(ticket.session(), SessionEnd.EXPIRED), ticket.peerId());
    }
}
