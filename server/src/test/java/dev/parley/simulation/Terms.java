// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.access.App;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.MemoryBudget;
import dev.parley.core.session.SessionTerms;

/** Terms of sessions for tests, with memory without end. */
public final class Terms {

    private Terms() {}

    /** Nothing is ever too much. */
    public static SessionTerms unlimited() {
        return queueing(Integer.MAX_VALUE);
    }

    /** Terms by which so many bytes of frames may wait for one receiver. */
    public static SessionTerms queueing(int bytes) {
        return new SessionTerms(
                bytes, memory().share(), connections(), DeliveryTurns.ofLoops(1).ofApp(), ServerObserver.NONE);
    }

    /** Connections of one app, with heap for any number. */
    public static ConnectionMemory connections() {
        return new ConnectionMemory(heap(), new App("app"));
    }

    /** Turns by which a signal for two waits while another one is being delivered. */
    public static DeliveryTurns twoAreMany() {
        return new DeliveryTurns(2, 1, 0, 4 << 20);
    }

    /** Memory without end. */
    public static MemoryBudget memory() {
        return new MemoryBudget(Long.MAX_VALUE / 2);
    }

    /** Heap for any number of connections. */
    public static FairShares heap() {
        return new FairShares(Long.MAX_VALUE / 2);
    }
}
