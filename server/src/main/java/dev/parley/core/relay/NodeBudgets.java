// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.FairShares;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.MemoryBudget;

/**
 * What the apps of a node share.
 *
 * @param memory for messages that wait
 * @param heap for connections, their subscriptions and presence that waits
 * @param deliveries the turns of signals for many sessions
 */
public record NodeBudgets(MemoryBudget memory, FairShares heap, DeliveryTurns deliveries) {

    /** Budgets with the usual turns. */
    public NodeBudgets(MemoryBudget memory, FairShares heap) {
        this(memory, heap, new DeliveryTurns());
    }
}
