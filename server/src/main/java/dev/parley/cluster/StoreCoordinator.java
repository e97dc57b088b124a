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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    /**
     * A call with so many commands may read as well. Behind more of them there is more to read, which Redis and this
     * node do at less cost by a call of its own: a script copies what it returns.
     */
    private static final int FEW_COMMANDS = 16;

    /** So many entries wait for the reply to a call before no more are read. */
    private static final int MOST_HELD = 1_000;

    /** Incarnations do not follow each other faster: a store that refuses each of them would be busy with that. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String node;
    private final Loop loop;
    private final StoreCaller store;
    private final ServerObserver observer;
    private final boolean awaitsReplies;
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
     * @param awaitsReplies whether an outcome waits for the reply to the call that decided it: the store replies when
     *     its replicas have the decision
     */
    public StoreCoordinator(String node, StoreLink link, Loop loop, ServerObserver observer, boolean awaitsReplies) {
        this.node = node;
        this.loop = loop;
        this.observer = observer;
        this.awaitsReplies = awaitsReplies;
        this.store = new StoreCaller(link, loop, observer);
        this.current = new Incarnation();
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
            isApplying = false;
            stopped.run();
        });
    }

    /**
     * Leaves the cluster once every command is decided, or could not be in time, and then runs the task: this node is
     * not swept by others. Safe from any thread.
     */
    public void leave(Runnable left) {
        loop.post(() -> {
            if (current.commands.isEmpty()) {
                current.leave(left);
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
    public void submit(int made, Requester requester, Command command, Consumer<Outcome> outcome) {
        loop.post(() -> {
            if (made == state) {
                current.add(requester, command, outcome);
            } else {
                outcome.accept(new Outcome.Unavailable(false));
            }
        });
    }

    private void expireLater() {
        loop.schedule(CHECK, () -> {
            if (isApplying) {
                current.expire();
            }
            isConnected = current.isFollowing();
            expireLater();
        });
    }

    /** The store does not know this incarnation: what was decided is lost, or others took the node for dead. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // other threads only read it
    private void beginAgain() {
        if (!isApplying || current.hasLeft) {
            return; // it has no sessions to submit again
        }
        observer.stateLost();
        CommandQueue lost = current.commands;
        String former = current.id.isEmpty() ? current.former : current.id;
        boolean isSoon = loop.now() - current.beganAt < PAUSE.toNanos();
        current = new Incarnation();
        current.former = former;
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

        /** The one before it; empty if it is the first. */
        private String former = "";

        private final CommandQueue commands = new CommandQueue();
        private final NodeWatch others = new NodeWatch();
        private final CallPace pace = new CallPace(loop, this::call);
        private final InboxPlace inbox = new InboxPlace(loop.now());

        /** A call that decides is under way. One at a time, so that a later one never overtakes an earlier one. */
        private boolean isDeciding;

        private long lastRead;

        /** Entries that were read and wait for the reply to a call, and those behind them. */
        private final Deque<InboxEntry> held = new ArrayDeque<>(0);

        /** When the state takes signals. */
        private long settledAt;

        private long beats;
        private boolean hasLeft;

        /** Those of the other nodes that were seen last. */
        private Set<String> names = Set.of();

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
            logBegin(begun.settling());
            settledAt = lastRead + begun.settling().toNanos();
            goOn();
            beat();
        }

        private void logBegin(Duration settling) {
            if (former.isEmpty()) {
                log.info("this is server {} of the cluster, number {}", node, id);
            } else if (epoch(former).equals(epoch(id))) {
                log.warn("the other servers took this one for dead: its clients join the cluster again, number {}", id);
            } else {
                log.warn("Redis has lost what it held: the clients of this server join again, number {}", id);
            }
            if (!settling.isZero()) {
                log.info("waits {} ms for the clients of other servers to join", settling.toMillis());
            }
        }

        private static String epoch(String incarnation) {
            return incarnation.substring(0, Math.max(incarnation.lastIndexOf('.'), 0));
        }

        void add(Requester requester, Command command, Consumer<Outcome> outcome) {
            commands.add(requester, command, outcome, loop.now());
            goOn();
        }

        private void goOn() {
            if (!id.isEmpty() && (mayRead() || (!isDeciding && commands.hasNext()))) {
                pace.ask();
            }
        }

        private boolean mayRead() {
            return !inbox.isReading() && held.size() < MOST_HELD;
        }

        /** Decides what there is to decide, and reads: one call does both where one can. */
        private void call() {
            if (!isCurrent()) {
                return;
            }
            List<StoreCall.Numbered> next = isDeciding ? List.of() : commands.next();
            if (!next.isEmpty()) {
                decide(next);
            }
            if (mayRead()) {
                call(inbox.read(id), this::apply, this::giveUpReading);
            }
        }

        private void decide(List<StoreCall.Numbered> next) {
            isDeciding = true;
            boolean isShort = next.size() <= FEW_COMMANDS && held.size() < MOST_HELD;
            boolean isReading = isShort && inbox.mayReadAlong(loop.now());
            long after = isReading ? inbox.readAlong() : StoreCall.Decide.NO_PAGE;
            call(
                    new StoreCall.Decide(id, next, after),
                    reply -> {
                        StoreReply.Decided decided = (StoreReply.Decided) reply;
                        commands.accept(decided.through());
                        applyHeld();
                        isDeciding = false;
                        StoreReply.Page page = decided.page();
                        if (page == null) {
                            goOn();
                        } else {
                            apply(page);
                        }
                    },
                    () -> {
                        isDeciding = false;
                        if (isReading) {
                            giveUpReading();
                        } else {
                            goOn();
                        }
                    });
        }

        private void apply(StoreReply reply) {
            lastRead = loop.now();
            StoreReply.Page page = (StoreReply.Page) reply;
            inbox.accept(page, lastRead);
            held.addAll(page.entries());
            applyHeld();
            goOn();
        }

        /** Nobody waits any more for the outcomes of commands that are answered here: they hold up nothing. */
        void expire() {
            commands.expire(loop.now());
            applyHeld();
            goOn();
        }

        private void applyHeld() {
            while (!held.isEmpty() && mayApply(held.getFirst())) {
                apply(held.removeFirst());
            }
        }

        private boolean mayApply(InboxEntry entry) {
            return !awaitsReplies
                    || !(entry instanceof InboxEntry.Decided decided)
                    || !commands.isUnconfirmed(decided.number());
        }

        private void giveUpReading() {
            inbox.giveUp();
            goOn();
        }

        /** What fails for one entry must not keep the node from reading the others. */
        private void apply(InboxEntry entry) {
            try {
                switch (entry) {
                    case InboxEntry.Decided decided -> {
                        CommandQueue.Answered command = commands.take(decided.number());
                        if (command != null && isApplying) {
                            answer(command, decided.outcome());
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

        private void answer(CommandQueue.Answered command, Outcome outcome) {
            if (outcome instanceof Outcome.OverShare) {
                observer.storeShareUsedUp(command.app());
            }
            command.outcome().accept(outcome);
        }

        private void beat() {
            if (!isCurrent() || hasLeft) {
                return;
            }
            loop.schedule(BEAT, this::beat);
            if (loop.now() - lastRead < DEAF.toNanos() || !held.isEmpty()) {
                call(new StoreCall.Renew(id, ++beats, requireNonNull(receiver).used()), this::watch, () -> {});
            }
        }

        private void watch(StoreReply reply) {
            StoreReply.Beats seen = (StoreReply.Beats) reply;
            requireNonNull(receiver).usedElsewhere(seen.used());
            tellChanges(seen);
            observer.storeSeen(seen.beats().size(), seen.entries(), seen.bytes());
            for (NodeWatch.Silent silent : others.look(seen.beats(), loop.now())) {
                log.warn(
                        "server {} shows no sign of life: its peers leave",
                        silent.beat().name());
                call(
                        new StoreCall.Sweep(
                                id, silent.incarnation(), silent.beat().number()),
                        done -> observer.nodeSwept(),
                        () -> {});
            }
        }

        /** Logs which other nodes have come and gone. */
        private void tellChanges(StoreReply.Beats seen) {
            Set<String> now = new TreeSet<>();
            seen.beats().values().forEach(beat -> now.add(beat.name()));
            now.remove(node);
            now.stream().filter(it -> !names.contains(it)).forEach(it -> log.info("server {} is in the cluster", it));
            names.stream()
                    .filter(it -> !now.contains(it))
                    .forEach(it -> log.info("server {} has left the cluster", it));
            names = now;
        }

        void leave(Runnable left) {
            hasLeft = true;
            if (id.isEmpty()) {
                left.run();
            } else {
                store.call(new StoreCall.Sweep(id, id, beats), reply -> left.run(), left);
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
