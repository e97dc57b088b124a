// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.PatternCost;
import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import dev.parley.core.room.DecidedRooms;

/**
 * The price of comparisons of names with the patterns of all nodes. Each node compares the names of publications with
 * its own patterns; other nodes know only their cost. So a client pays the highest cost that a comparison can have, for
 * each publication. It pays the rest when the publication was decided, if the price rose meanwhile.
 */
final class PatternPrices {

    private final String app;
    private final DecidedRooms rooms;
    private final Coordinator coordinator;

    /** What other nodes know of the patterns here. On the coordinator's thread. */
    private PatternCost told = PatternCost.NONE;

    /** That of all nodes, when something was published last. Written on the coordinator's thread. */
    private volatile PatternCost known = PatternCost.NONE;

    PatternPrices(String app, DecidedRooms rooms, Coordinator coordinator) {
        this.app = app;
        this.rooms = rooms;
        this.coordinator = coordinator;
    }

    /** Returns what a name costs now, as far as that is known. Safe from any thread. */
    long steps(String room) {
        return known.steps(room);
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
