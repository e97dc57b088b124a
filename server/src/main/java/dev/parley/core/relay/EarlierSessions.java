// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions a peer already had when another of its connections opened. A client whose network changed comes back
 * before anyone has noticed that its old connection is dead; were it silently taken for a second tab, the others would
 * never build the call anew. So each is asked for a sign of life, and the dead are gone before the newcomer enters a
 * room. For the loop of the newcomer.
 */
public final class EarlierSessions {

    /** No earlier sessions. */
    static final EarlierSessions NONE = new EarlierSessions(() -> {}, () -> {});

    /** How long an answer may take. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long the answers of other nodes may take, which probe for {@link #PATIENCE}. */
    private static final Duration PATIENCE_WITH_NODES = Duration.ofSeconds(3);

    private final Runnable oneLives;
    private final Runnable noneLives;
    private int unknown;

    /** Nodes that have not answered yet. */
    private int nodes;

    private boolean isOneAlive;
    private final List<Runnable> waiting = new ArrayList<>(0);

    /** One of the tasks runs when all are known. */
    private EarlierSessions(Runnable oneLives, Runnable noneLives) {
        this.oneLives = oneLives;
        this.noneLives = noneLives;
    }

    /**
     * Asks them.
     *
     * @param own what the newcomer shows if none of them lives
     * @param all sessions of the peer
     */
    static EarlierSessions ask(PeerRegistry peers, Session newcomer, PeerIdentity own, Session[] all) {
        EarlierSessions earlier =
                new EarlierSessions(() -> peers.settle(newcomer, null), () -> peers.settle(newcomer, own));
        for (Session elder : all) {
            if (elder != newcomer && !isLater(elder, newcomer)) {
                earlier.unknown++;
                elder.loop().post(() -> earlier.ask(peers, elder, newcomer));
            }
        }
        if (earlier.unknown == 0) {
            earlier.settle();
        }
        return earlier;
    }

    /**
     * Probes an elder, on its loop. An elder that cannot be probed is not waited for; a newcomer that cannot be
     * notified ends.
     */
    private void ask(PeerRegistry peers, Session elder, Session newcomer) {
        probe(elder, () -> {
            boolean isAlive = peers.holds(elder);
            try {
                newcomer.loop().post(() -> oneIsKnown(isAlive));
            } catch (RuntimeException | Error e) { // no memory for the task
                newcomer.fail(e);
            }
        });
    }

    /** Probes a session, on its loop. Runs the task once it is known whether the session lives, or cannot be. */
    static void probe(Session session, Runnable known) {
        try {
            session.connection().probe(PATIENCE, known);
        } catch (RuntimeException | Error e) { // no memory for a timer or a ping
            known.run();
            throw e;
        }
    }

    /** An attempt that its client has given up, and that came to its end late, must not cost the client its session. */
    private static boolean isLater(Session elder, Session newcomer) {
        return elder.isLasting()
                && elder.connection().id() > newcomer.connection().id();
    }

    /** Runs the step as soon as it is known which of them live: now, or within {@link #PATIENCE}. */
    public void whenKnown(Runnable step) {
        if (unknown == 0) {
            step.run();
        } else {
            waiting.add(step);
        }
    }

    /** Returns these, or an object of its own instead of {@link #NONE}, for {@link #awaitNodes}. */
    EarlierSessions withNodes() {
        return this == NONE ? new EarlierSessions(oneLives, noneLives) : this;
    }

    /** Awaits the answers of other nodes, which probe their sessions of the peer. */
    void awaitNodes(int count, Loop loop) {
        if (count > 0) {
            nodes = count;
            unknown += count;
            loop.schedule(PATIENCE_WITH_NODES, this::stopAwaitingNodes);
        }
    }

    /** Another node has answered. */
    void nodeAnswered(boolean isOneAliveThere) {
        if (nodes > 0) {
            nodes--;
            oneIsKnown(isOneAliveThere);
        }
    }

    private void stopAwaitingNodes() {
        while (nodes > 0) {
            nodeAnswered(false);
        }
    }

    private void settle() {
        (isOneAlive ? oneLives : noneLives).run();
    }

    private void oneIsKnown(boolean isAlive) {
        unknown--;
        isOneAlive |= isAlive;
        if (unknown == 0) {
            settle();
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }
}
