// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Command;
import dev.parley.core.port.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one incarnation of a node that have no outcome. They are sent in the order of their numbers, again
 * and again until the store has accepted them, and stay until their outcomes are read. On the node's loop.
 */
final class CommandQueue {

    /** How long a command that is not kept may wait for its outcome. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MOST_IN_A_CALL = 100;

    /** The commands without an outcome, by number. */
    private final NavigableMap<Long, Waiting> waiting = new TreeMap<>();

    private long last;

    /** The store has accepted all through this number. */
    private long accepted;

    private static final class Waiting {
        final Command command;
        final Consumer<Outcome> outcome;
        final long since;
        boolean wasSent;

        Waiting(Command command, Consumer<Outcome> outcome, long since) {
            this.command = command;
            this.outcome = outcome;
            this.since = since;
        }
    }

    /** @param now on the loop's clock */
    void add(Command command, Consumer<Outcome> outcome, long now) {
        waiting.put(++last, new Waiting(command, outcome, now));
    }

    /** Returns those that the store has not accepted, from the first one on; empty without any. */
    List<StoreCall.Numbered> next() {
        List<StoreCall.Numbered> next = new ArrayList<>();
        for (Map.Entry<Long, Waiting> entry : waiting.tailMap(accepted, false).entrySet()) {
            if (next.size() == MOST_IN_A_CALL) {
                break;
            }
            entry.getValue().wasSent = true;
            next.add(new StoreCall.Numbered(entry.getKey(), entry.getValue().command));
        }
        return next;
    }

    /** Whether every command has an outcome. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The store has accepted all through this number. */
    void accept(long number) {
        accepted = Math.max(accepted, number);
    }

    /** Removes a command whose outcome was read, and returns who gets it; null if it had to be answered before. */
    @Nullable
    Consumer<Outcome> take(long number) {
        accept(number);
        Waiting command = waiting.remove(number);
        return command == null ? null : command.outcome;
    }

    /** Answers those that have waited for too long. */
    void expire(long now) {
        List<Waiting> expired = new ArrayList<>();
        for (Iterator<Waiting> all = waiting.values().iterator(); all.hasNext(); ) {
            Waiting command = all.next();
            if (!command.command.isKept() && now - command.since > PATIENCE.toNanos()) {
                all.remove();
                expired.add(command);
            }
        }
        expired.forEach(CommandQueue::drop);
    }

    /** Answers all: what was decided of them is lost. */
    void end() {
        waiting.values().forEach(CommandQueue::drop);
        waiting.clear();
    }

    private static void drop(Waiting command) {
        command.outcome.accept(new Outcome.Unavailable(command.wasSent));
    }
}
