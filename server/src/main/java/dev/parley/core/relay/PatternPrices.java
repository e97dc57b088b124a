// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.PatternCost;
import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import dev.parley.core.room.DecidedRooms;
import dev.parley.core.room.RecentNames;

/**
 * The price of comparisons of names with the patterns of all nodes. Each node compares the names of publications with
 * its own patterns, and remembers the matches; other nodes know only their cost. So a client pays the highest cost that
 * a comparison can have, unless somebody here has paid for that name. If the price rises later, the next client that
 * publishes to that name pays the difference; if it rises while a publication is decided, its publisher does.
 */
final class PatternPrices {

    private final String app;
    private final DecidedRooms rooms;
    private final Coordinator coordinator;

    /** What other nodes know of the patterns here. On the coordinator's thread. */
    private PatternCost told = PatternCost.NONE;

    /** That of all nodes, when something was published last. Written on the coordinator's thread. */
    private volatile PatternCost known = PatternCost.NONE;

    /** The steps that were paid for names. Guarded by itself, as clients of all loops pay. */
    private final RecentNames<Long> paid = new RecentNames<>(DecidedRooms.REMEMBERED);

    PatternPrices(String app, DecidedRooms rooms, Coordinator coordinator) {
        this.app = app;
        this.rooms = rooms;
        this.coordinator = coordinator;
    }

    /** Whether names are compared with patterns on any node, as far as that is known. Safe from any thread. */
    boolean isAny() {
        return known.fixed() > 0;
    }

    /**
     * Returns the steps that somebody who publishes to a room has to pay now, and takes them as paid. Safe from any
     * thread.
     */
    long charge(String room) {
        if (!isAny()) {
            return 0;
        }
        long price = known.steps(room);
        synchronized (paid) {
            Long before = paid.get(room);
            long due = before == null ? price : price - before;
            if (due > 0) {
                paid.put(room, price, price);
            }
            return Math.max(due, 0);
        }
    }

    /** Something was published. On the coordinator's thread. */
    void decided(Outcome outcome) {
        if (outcome instanceof Outcome.Published published) {
            known = new PatternCost(published.fixed(), published.perCharacter());
        }
    }

    /** Submits the cost of the patterns here, if it has changed. On the coordinator's thread. */
    void review() {
        PatternCost now = rooms.patternCost();
        if (!now.equals(told)) {
            told = now;
            Command command = new Command.SetPatternCost(app, now.fixed(), now.perCharacter());
            coordinator.submit(coordinator.state(), Requester.BACK_END, command, outcome -> {});
        }
    }

    /** Others know nothing of the patterns here any more. On the coordinator's thread. */
    void stateLost() {
        told = PatternCost.NONE;
        review();
    }
}
