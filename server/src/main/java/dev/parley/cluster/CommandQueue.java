// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Command;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one incarnation of a node that have no outcome. Requesters take turns, see {@link TurnQueue}. A
 * command gets its number when it is sent first; some are sent at a time, again and again until the store has accepted
 * them, and stay until their outcomes are read. On the node's loop.
 */
final class CommandQueue {

    /** How long a command that is not kept may wait for its outcome. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MOST_IN_A_CALL = 250;

    /** Bytes of signals in a call, at which no more are added: Redis does nothing else meanwhile. */
    private static final int BYTES_IN_A_CALL = 256 << 10;

    /** The commands that were never sent. */
    private final TurnQueue<Waiting> unsent = new TurnQueue<>();

    /** The others without an outcome, by number. */
    private final NavigableMap<Long, Waiting> sent = new TreeMap<>();

    private long last;

    /** The store has accepted all through this number. */
    private long accepted;

    /** @param since when it was added, on the loop's clock */
    private record Waiting(Command command, Consumer<Outcome> outcome, long since) {

        int bytes() {
            return switch (command) {
                case Command.Publish publish -> publish.signal().payload().length();
                case Command.Send send -> send.signal().payload().length();
                default -> 0;
            };
        }

        boolean isExpired(long now) {
            return !command.isKept() && now - since > PATIENCE.toNanos();
        }

        void drop(boolean mayBeDone) {
            outcome.accept(new Outcome.Unavailable(mayBeDone));
        }
    }

    /** @param now on the loop's clock */
    void add(Requester requester, Command command, Consumer<Outcome> outcome, long now) {
        Waiting added = new Waiting(command, outcome, now);
        unsent.add(command.app(), requester, added, added.bytes());
    }

    /** Returns the commands of the next call: those that the store has not accepted, or new ones; empty without any. */
    List<StoreCall.Numbered> next() {
        List<StoreCall.Numbered> next = new ArrayList<>();
        sent.tailMap(accepted, false)
                .forEach((number, waiting) -> next.add(new StoreCall.Numbered(number, waiting.command())));
        if (next.isEmpty()) {
            int bytes = 0;
            for (Waiting it = unsent.peek(); it != null && hasRoom(next, bytes); it = unsent.peek()) {
                unsent.poll();
                bytes += it.bytes();
                sent.put(++last, it);
                next.add(new StoreCall.Numbered(last, it.command()));
            }
        }
        return next;
    }

    /** Whether there are commands for another call. */
    boolean hasNext() {
        return unsent.peek() != null || !sent.tailMap(accepted, false).isEmpty();
    }

    private static boolean hasRoom(List<StoreCall.Numbered> call, int bytes) {
        return call.size() < MOST_IN_A_CALL && bytes < BYTES_IN_A_CALL;
    }

    /** Whether every command has an outcome. */
    boolean isEmpty() {
        return sent.isEmpty() && unsent.isEmpty();
    }

    /** The store has accepted all through this number. */
    void accept(long number) {
        accepted = Math.max(accepted, number);
    }

    /** Whether somebody still waits for the outcome of this command, and the store has not replied to its call. */
    boolean isUnconfirmed(long number) {
        return number > accepted && sent.containsKey(number);
    }

    /** A command whose outcome was read, and its app. */
    record Answered(String app, Consumer<Outcome> outcome) {}

    /** Removes a command whose outcome was read, and returns who gets it; null if it had to be answered before. */
    @Nullable
    Answered take(long number) {
        accept(number);
        Waiting it = sent.remove(number);
        return it == null ? null : new Answered(it.command().app(), it.outcome());
    }

    /** Answers those that have waited for too long. */
    void expire(long now) {
        List<Waiting> neverSent = unsent.removeIf(it -> it.isExpired(now));
        List<Waiting> expired = new ArrayList<>();
        for (Iterator<Waiting> all = sent.values().iterator(); all.hasNext(); ) {
            Waiting it = all.next();
            if (it.isExpired(now)) {
                all.remove();
                expired.add(it);
            }
        }
        expired.forEach(it -> it.drop(true));
        neverSent.forEach(it -> it.drop(false));
    }

    /** Answers all: what was decided of them is lost. */
    void end() {
        sent.values().forEach(it -> it.drop(true));
        sent.clear();
        unsent.removeIf(it -> true).forEach(it -> it.drop(false));
    }
}
