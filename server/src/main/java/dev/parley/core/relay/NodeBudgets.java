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
 * @param deliveries the turns in which loops deliver signals for many sessions
 * @param submissions the turns in which such signals are submitted, where several nodes decide together: a signal
 *     counts until it is applied here, and as long as other nodes take to deliver it
 */
public record NodeBudgets(MemoryBudget memory, FairShares heap, DeliveryTurns deliveries, DeliveryTurns submissions) {

    /** Budgets of a node with so many loops. */
    public NodeBudgets(MemoryBudget memory, FairShares heap, int loops) {
        this(memory, heap, DeliveryTurns.ofLoops(loops), DeliveryTurns.ofSubmissions(loops));
    }
}
