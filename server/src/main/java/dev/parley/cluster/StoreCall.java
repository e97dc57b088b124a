// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import java.util.List;
import java.util.Map;

/**
 * What a node asks the store for. An incarnation is a node from the moment the store knows it until it is swept, or the
 * store has lost its state; calls of one that the store does not know get the reply {@link StoreReply.Gone}.
 */
public sealed interface StoreCall {

    /**
     * Begins an incarnation, whose id the store makes: an old copy of this call begins another one, which nobody uses.
     *
     * @param node its name, for people
     */
    record Begin(String node) implements StoreCall {}

    /**
     * Decides commands whose numbers are higher than that of the last one that was decided, in their order; skips the
     * others. Events and outcomes are added to the inboxes. Some of the last commands may be left for another call, if
     * those before them take long.
     *
     * @param after the {@link StoreReply.Decided reply} has a page of what is behind this entry of the node's inbox;
     *     {@link #NO_PAGE} for a reply without a page
     */
    record Decide(String incarnation, List<Numbered> commands, long after) implements StoreCall {

        /** For a node that does not read by this call. */
        public static final long NO_PAGE = -1;

        /** Whether the reply has a page of the inbox. */
        public boolean isReading() {
            return after != NO_PAGE;
        }
    }

    /**
     * Removes what the node has read of its inbox, and waits a moment for entries behind that, some of which are the
     * reply.
     *
     * @param after the place of the last entry that was read, 0 before any
     * @param removal the number of the removal: one of the same number is done once
     * @param bytes how many less wait, by app
     */
    record Read(String incarnation, long after, long removal, Map<String, Long> bytes) implements StoreCall {}

    /**
     * Shows that the node is alive, by a number that grows.
     *
     * @param used what apps have sent through it
     */
    record Renew(String incarnation, long beat, List<Coordinator.AppUse> used) implements StoreCall {}

    /** Removes a node, and its sessions, if it has shown no sign of life since this beat. */
    record Sweep(String incarnation, String other, long beat) implements StoreCall {}

    /** A command with the number the node gave it: each is higher than the one before. */
    record Numbered(long number, Command command) {}
}
