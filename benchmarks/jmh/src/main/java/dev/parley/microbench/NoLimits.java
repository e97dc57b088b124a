// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

import dev.parley.core.access.App;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.MemoryBudget;
import dev.parley.core.session.SessionTerms;

/** Terms of sessions that never make a signal wait. */
public final class NoLimits {

    private NoLimits() {}

    /** Terms of one app. */
    public static SessionTerms terms() {
        return new SessionTerms(
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                memory().share(),
                new ConnectionMemory(heap(), new App("app")),
                DeliveryTurns.ofLoops(1).ofApp(),
                ServerObserver.NONE);
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
