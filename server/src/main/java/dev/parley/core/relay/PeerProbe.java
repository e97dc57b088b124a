// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.session.Session;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Probes the sessions of a peer here for a newcomer on another node. Safe from any thread. */
final class PeerProbe {

    private final PeerRegistry peers;
    private final Consumer<Boolean> answer;
    private final AtomicInteger unknown;
    private volatile boolean isOneAlive;

    private PeerProbe(PeerRegistry peers, int sessions, Consumer<Boolean> answer) {
        this.peers = peers;
        this.answer = answer;
        this.unknown = new AtomicInteger(sessions);
    }

    /**
     * Probes the sessions of a peer.
     *
     * @param answer is given once, on any thread, whether one of them is alive; the others have ended by then
     */
    static void begin(PeerRegistry peers, String peer, Consumer<Boolean> answer) {
        List<Session> sessions = peers.sessionsOf(peer);
        if (sessions.isEmpty()) {
            answer.accept(false);
            return;
        }
        PeerProbe probe = new PeerProbe(peers, sessions.size(), answer);
        for (Session session : sessions) {
            session.loop().post(() -> probe.ask(session));
        }
    }

    private void ask(Session session) {
        EarlierSessions.probe(session, () -> isKnown(peers.holds(session)));
    }

    private void isKnown(boolean isAlive) {
        if (isAlive) {
            isOneAlive = true;
        }
        if (unknown.decrementAndGet() == 0) {
            answer.accept(isOneAlive);
        }
    }
}
