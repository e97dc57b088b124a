// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.ServerObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by a store that all nodes share. Calls that got no reply are repeated: commands have numbers, so the store
 * does none twice; and everything that follows from them, the outcomes too, is read from the inbox in its order.
 *
 * <p>A node that the store does not know any more begins again as another incarnation.
 */
public final class StoreCoordinator implements Coordinator {

    private static final Logger log = LoggerFactory.getLogger(StoreCoordinator.class);

    private static final Duration BEAT = Duration.ofMillis(1_500);

    /** How often commands that have waited for too long are looked for. */
    private static final Duration CHECK = Duration.ofMillis(500);

    /** How often it is looked whether all is decided. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** A node that could not read its inbox for so long shows no sign of life either. */
    private static final Duration DEAF = Duration.ofSeconds(3);

    /** Incarnations do not follow each other faster: a store that refuses each of them would be busy with that. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String node;
    private final Loop loop;
    private final StoreCaller store;
    private final ServerObserver observer;
    private @Nullable Receiver receiver;
    private Incarnation current;
    private boolean isApplying = true;

    /** Written on the loop. */
    private volatile int state;

    /** Written on the loop. */
    private volatile boolean isConnected;

    /**
     * A coordinator that begins with {@link #start}.
     *
     * @param node identifies this node
     */
    public StoreCoordinator(String node, StoreLink link, Loop loop, ServerObserver observer) {
        this.node = node;
        this.loop = loop;
        this.observer = observer;
        this.store = new StoreCaller(link, loop, observer);
        this.current = new Incarnation();
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
            isApplying = false;
            stopped.run();
        });
    }

    /** Runs the task once every command is decided, or could not be in time. Safe from any thread. */
    public void whenDecided(Runnable task) {
        loop.post(() -> {
            if (current.commands.isEmpty()) {
                task.run();
            } else {
                loop.schedule(LOOK, () -> whenDecided(task));
            }
        });
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void start(Receiver events) {
        receiver = events;
        loop.post(() -> {
            current.begin();
            expireLater();
        });
    }

    @Override
    public int state() {
        return state;
    }

    @Override
    public void submit(int made, Command command, Consumer<Outcome> outcome) {
        loop.post(() -> {
            if (made == state) {
                current.add(command, outcome);
            } else {
                outcome.accept(new Outcome.Unavailable(false));
            }
        });
    }

    private void expireLater() {
        loop.schedule(CHECK, () -> {
            if (isApplying) {
                current.commands.expire(loop.now());
            }
            isConnected = current.isFollowing();
            expireLater();
        });
    }

    /** The store does not know this incarnation: what was decided is lost, or others took the node for dead. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // other threads only read it
    private void beginAgain() {
        if (!isApplying) {
            return; // it has no sessions to submit again
        }
        log.warn("the store has lost its state, or this node was taken for dead: its sessions are submitted again");
        observer.stateLost();
        CommandQueue lost = current.commands;
        boolean isSoon = loop.now() - current.beganAt < PAUSE.toNanos();
        current = new Incarnation();
        state++;
        requireNonNull(receiver).stateLost(state);
        lost.end();
        if (isSoon) {
            loop.schedule(PAUSE, current::begin);
        } else {
            current.begin();
        }
    }

    /** This node as the store knows it, until it does so no longer. */
    private final class Incarnation {

        /** When it last asked to begin. */
        private long beganAt = loop.now();

        /** Empty until the store knows it. */
        private String id = "";

        private final CommandQueue commands = new CommandQueue();
        private final NodeWatch others = new NodeWatch();
        private boolean isDeciding;

        /** The place in the inbox through which it was applied. */
        private long applied;

        private long lastRead;

        /** When the state takes signals. */
        private long settledAt;

        private long beats;

        /** Whether the store has replied to a reading lately, and takes signals. */
        boolean isFollowing() {
            return !id.isEmpty() && loop.now() - lastRead < DEAF.toNanos() && loop.now() >= settledAt;
        }

        void begin() {
            beganAt = loop.now();
            call(new StoreCall.Begin(node), this::begun, this::begin);
        }

        private void begun(StoreReply reply) {
            StoreReply.Begun begun = (StoreReply.Begun) reply;
            id = begun.incarnation();
            lastRead = loop.now();
            log.info("this is node {} of the cluster, {}", id, node);
            settledAt = lastRead + begun.settling().toNanos();
            decide();
            read();
            beat();
        }

        void add(Command command, Consumer<Outcome> outcome) {
            commands.add(command, outcome, loop.now());
            decide();
        }

        /** One call at a time, so that a later one never overtakes an earlier one. */
        private void decide() {
            if (id.isEmpty() || isDeciding) {
                return;
            }
            List<StoreCall.Numbered> next = commands.next();
            if (next.isEmpty()) {
                return;
            }
            isDeciding = true;
            long last = next.getLast().number();
            call(
                    new StoreCall.Decide(id, next),
                    reply -> {
                        commands.accept(last);
                        decided();
                    },
                    this::decided);
        }

        private void decided() {
            isDeciding = false;
            decide();
        }

        private void read() {
            call(new StoreCall.Read(id, applied), this::apply, this::read);
        }

        private void apply(StoreReply reply) {
            lastRead = loop.now();
            StoreReply.Page page = (StoreReply.Page) reply;
            applied = page.through();
            page.entries().forEach(this::apply);
            read();
        }

        /** What fails for one entry must not keep the node from reading the others. */
        private void apply(InboxEntry entry) {
            try {
                switch (entry) {
                    case InboxEntry.Decided decided -> {
                        Consumer<Outcome> outcome = commands.take(decided.number());
                        if (outcome != null && isApplying) {
                            outcome.accept(decided.outcome());
                        }
                    }
                    case InboxEntry.Happened happened -> {
                        if (isApplying) {
                            requireNonNull(receiver).apply(happened.event());
                        }
                    }
                }
            } catch (RuntimeException | Error e) { // an allocator without memory throws an error
                log.error("what was decided could not be applied", e);
            }
        }

        private void beat() {
            if (!isCurrent()) {
                return;
            }
            loop.schedule(BEAT, this::beat);
            if (loop.now() - lastRead < DEAF.toNanos()) {
                call(new StoreCall.Renew(id, ++beats), this::watch, () -> {});
            }
        }

        private void watch(StoreReply reply) {
            for (NodeWatch.Silent silent : others.look(((StoreReply.Beats) reply).beats(), loop.now())) {
                log.warn("node {} shows no sign of life: its peers leave", silent.incarnation());
                call(
                        new StoreCall.Sweep(id, silent.incarnation(), silent.beat()),
                        done -> observer.nodeSwept(),
                        () -> {});
            }
        }

        /** Replies to an incarnation that is over mean nothing. */
        private void call(StoreCall call, Consumer<StoreReply> reply, Runnable noReply) {
            store.call(
                    call,
                    received -> {
                        if (!isCurrent()) {
                            return;
                        }
                        if (received instanceof StoreReply.Gone) {
                            beginAgain();
                        } else {
                            reply.accept(received);
                        }
                    },
                    () -> {
                        if (isCurrent()) {
                            noReply.run();
                        }
                    });
        }

        @SuppressWarnings("ReferenceEquality") // an incarnation is nothing but itself
        private boolean isCurrent() {
            return current == this;
        }
    }
}
