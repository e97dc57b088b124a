// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import dev.parley.core.port.ServerObserver;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides by a store that all nodes share. Calls that got no reply are repeated: commands have numbers, so the store
 * does none twice; and everything that follows from them, the outcomes too, is read from the inbox in its order.
 *
 * <p>A node that the store does not know any more begins again as another {@link Incarnation}.
 */
public final class StoreCoordinator implements Coordinator {

    /** How often commands that have waited for too long are looked for. */
    private static final Duration CHECK = Duration.ofMillis(500);

    /** How often it is looked whether all is decided. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** Incarnations do not follow each other faster: a store that refuses each of them would be busy with that. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String node;
    private final Loop loop;
    private final StoreCaller store;
    private final ServerObserver observer;
    private final boolean awaitsReplies;

    /** Null until the start. On the loop. */
    private @Nullable Incarnation current;

    /** Written on the loop. */
    private volatile int state;

    /** Written on the loop. */
    private volatile boolean isConnected;

    /**
     * A coordinator that begins with {@link #start}.
     *
     * @param node identifies this node
     * @param awaitsReplies whether an outcome waits for the reply to the call that decided it: the store replies when
     *     its replicas have the decision
     */
    public StoreCoordinator(String node, StoreLink link, Loop loop, ServerObserver observer, boolean awaitsReplies) {
        this.node = node;
        this.loop = loop;
        this.store = new StoreCaller(link, loop, observer);
        this.observer = observer;
        this.awaitsReplies = awaitsReplies;
    }

    /** Runs the task once this node follows what is decided for the first time. Safe from any thread. */
    public void whenConnected(Runnable task) {
        loop.post(() -> {
            if (isConnected) {
                task.run();
            } else {
                loop.schedule(CHECK, () -> whenConnected(task));
            }
        });
    }

    /** Whether this node follows what is decided: it reads its inbox. Safe from any thread. */
    public boolean isConnected() {
        return isConnected;
    }

    /**
     * Applies nothing any more, neither events nor outcomes, and then runs the task: the sessions here are about to
     * end. What is submitted is still decided. Safe from any thread.
     */
    public void stopApplying(Runnable stopped) {
        loop.post(() -> {
            current().stopApplying();
            stopped.run();
        });
    }

    /**
     * Leaves the cluster once every command is decided, or could not be in time, and then runs the task: this node is
     * not swept by others. Safe from any thread.
     */
    public void leave(Runnable left) {
        loop.post(() -> {
            if (current().isAllDecided()) {
                current().leave(left);
            } else {
                loop.schedule(LOOK, () -> leave(left));
            }
        });
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void start(Receiver events) {
        NodeSite site = new NodeSite(node, loop, store, observer, events, awaitsReplies);
        loop.post(() -> {
            current = incarnation(site, "");
            current.begin();
            expireLater();
        });
    }

    private Incarnation incarnation(NodeSite site, String former) {
        return new Incarnation(site, former, this::isCurrent, () -> beginAgain(site));
    }

    @Override
    public int state() {
        return state;
    }

    @Override
    public void submit(int made, Requester requester, Command command, Consumer<Outcome> outcome) {
        loop.post(() -> {
            if (made == state) {
                current().add(requester, command, outcome);
            } else {
                outcome.accept(new Outcome.Unavailable(false));
            }
        });
    }

    private void expireLater() {
        loop.schedule(CHECK, () -> {
            current().expire();
            isConnected = current().isFollowing();
            expireLater();
        });
    }

    /** The store does not know this incarnation: what was decided is lost, or others took the node for dead. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // other threads only read it
    private void beginAgain(NodeSite site) {
        Incarnation lost = current();
        if (!lost.hasSessions()) {
            return; // there is nothing to submit again
        }
        observer.stateLost();
        Incarnation next = incarnation(site, lost.lastId());
        current = next;
        state++;
        site.receiver().stateLost(state);
        lost.end();
        if (loop.now() - lost.beganAt() < PAUSE.toNanos()) {
            loop.schedule(PAUSE, next::begin);
        } else {
            next.begin();
        }
    }

    private Incarnation current() {
        return requireNonNull(current);
    }

    @SuppressWarnings("ReferenceEquality") // an incarnation is nothing but itself
    private boolean isCurrent(Incarnation it) {
        return current == it;
    }
}
