// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Command;
import java.util.List;

/**
 * What a node asks the store for. An incarnation is a node from the moment the store knows it until it is swept, or the
 * store has lost its state; calls of one that the store does not know get the reply {@link StoreReply.Gone}.
 */
public sealed interface StoreCall {

    /**
     * Begins an incarnation, whose id the store makes: an old copy of this call begins another one, which nobody uses.
     *
     * @param node for people who look into the store
     */
    record Begin(String node) implements StoreCall {}

    /**
     * Decides commands whose numbers are higher than that of the last one that was decided, in their order; skips the
     * others. Events and outcomes are added to the inboxes.
     */
    record Decide(String incarnation, List<Numbered> commands) implements StoreCall {}

    /**
     * Removes what the node has read of its inbox, and returns some of what is behind that.
     *
     * @param after the place of the last entry that was read, 0 before any
     */
    record Read(String incarnation, long after) implements StoreCall {}

    /** Shows that the node is alive, by a number that grows. */
    record Renew(String incarnation, long beat) implements StoreCall {}

    /** Removes another node, and its sessions, if it has shown no sign of life since this beat. */
    record Sweep(String incarnation, String other, long beat) implements StoreCall {}

    /** A command with the number the node gave it: each is higher than the one before. */
    record Numbered(long number, Command command) {}
}
