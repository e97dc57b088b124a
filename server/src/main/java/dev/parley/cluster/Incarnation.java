// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Command;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as the store knows it, until it does so no longer: has commands decided, reads the inbox, and applies what
 * it says. On the node's loop.
 */
final class Incarnation {

    private static final Logger log = LoggerFactory.getLogger(Incarnation.class);

    /** A node that could not read its inbox for so long shows no sign of life either. */
    private static final Duration DEAF = Duration.ofSeconds(3);

    /**
     * A call with so many commands may read as well. Behind more of them there is more to read, which Redis and this
     * node do at less cost by a call of its own: a script copies what it returns.
     */
    private static final int FEW_COMMANDS = 16;

    /** So many entries wait for the reply to a call before no more are read. */
    private static final int MOST_HELD = 1_000;

    private final NodeSite site;
    private final Loop loop;

    /** The one before it; empty if it is the first. */
    private final String former;

    private final Predicate<Incarnation> isCurrent;
    private final Runnable lost;
    private final CommandQueue commands = new CommandQueue();
    private final CallPace pace;
    private final InboxPlace inbox;
    private final Heartbeat heartbeat;

    /** When it last asked to begin. */
    private long beganAt;

    /** Empty until the store knows it. */
    private String id = "";

    /** A call that decides is under way. One at a time, so that a later one never overtakes an earlier one. */
    private boolean isDeciding;

    private long lastRead;

    /** Entries that were read and wait for the reply to a call, and those behind them. */
    private final Deque<InboxEntry> held = new ArrayDeque<>(0);

    /** When the state takes signals. */
    private long settledAt;

    private boolean isApplying = true;
    private boolean hasLeft;

    /**
     * An incarnation that begins with {@link #begin}.
     *
     * @param former the one before it; empty if it is the first
     * @param isCurrent whether an incarnation is that of the node: replies to others mean nothing
     * @param lost runs when the store does not know this one any more
     */
    Incarnation(NodeSite site, String former, Predicate<Incarnation> isCurrent, Runnable lost) {
        this.site = site;
        this.loop = site.loop();
        this.former = former;
        this.isCurrent = isCurrent;
        this.lost = lost;
        this.pace = new CallPace(loop, this::call);
        this.inbox = new InboxPlace(loop.now());
        this.heartbeat = new Heartbeat(site, this);
        this.beganAt = loop.now();
    }

    /** When it last asked to begin, on the loop's clock. */
    long beganAt() {
        return beganAt;
    }

    /** Returns its id, or that of the one before it if the store never knew it; empty without either. */
    String lastId() {
        return id.isEmpty() ? former : id;
    }

    /** Whether there are sessions here that belong to it. */
    boolean hasSessions() {
        return isApplying && !hasLeft;
    }

    /** Whether every command has an outcome. */
    boolean isAllDecided() {
        return commands.isEmpty();
    }

    /** Gives nothing to the receiver any more. */
    void stopApplying() {
        isApplying = false;
    }

    /** Answers all commands: what was decided of them is lost. */
    void end() {
        commands.end();
    }

    /** Whether the store has replied to a reading lately, takes signals, and can acknowledge them. */
    boolean isFollowing() {
        return !id.isEmpty()
                && loop.now() - lastRead < DEAF.toNanos()
                && loop.now() >= settledAt
                && (!site.awaitsReplies() || heartbeat.isReplicated());
    }

    void begin() {
        beganAt = loop.now();
        call(new StoreCall.Begin(site.node()), this::begun, this::begin);
    }

    private void begun(StoreReply reply) {
        StoreReply.Begun begun = (StoreReply.Begun) reply;
        id = begun.incarnation();
        lastRead = loop.now();
        logBegin(begun.settling());
        settledAt = lastRead + begun.settling().toNanos();
        goOn();
        heartbeat.start(id);
    }

    private void logBegin(Duration settling) {
        if (former.isEmpty()) {
            log.info("this is server {} of the cluster, number {}", site.node(), id);
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
            call(inbox.read(id, site.receiver()::waitingBytes), this::apply, this::giveUpReading);
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
        if (!isApplying) {
            return;
        }
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
        return !site.awaitsReplies()
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
                        site.receiver().apply(happened.event());
                    }
                }
            }
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            log.error("what was decided could not be applied", e);
        }
    }

    private void answer(CommandQueue.Answered command, Outcome outcome) {
        if (outcome instanceof Outcome.OverShare) {
            site.observer().storeShareUsedUp(command.app());
        }
        command.outcome().accept(outcome);
    }

    void leave(Runnable left) {
        hasLeft = true;
        if (id.isEmpty()) {
            left.run();
        } else {
            site.store().call(new StoreCall.Sweep(id, id, heartbeat.beats()), reply -> left.run(), left);
        }
    }

    /** Whether the node goes on as this incarnation, and has not left. */
    boolean isThere() {
        return isCurrent() && !hasLeft;
    }

    /** Whether it reads, or waits for replies with what it has read. */
    boolean isAlive() {
        return loop.now() - lastRead < DEAF.toNanos() || !held.isEmpty();
    }

    /** Replies to an incarnation that is over mean nothing. */
    void call(StoreCall call, Consumer<StoreReply> reply, Runnable noReply) {
        site.store()
                .call(
                        call,
                        received -> {
                            if (!isCurrent()) {
                                return;
                            }
                            if (received instanceof StoreReply.Gone) {
                                lost.run();
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

    private boolean isCurrent() {
        return isCurrent.test(this);
    }
}
