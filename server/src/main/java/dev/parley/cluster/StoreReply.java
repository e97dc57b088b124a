// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Coordinator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the store replies to a {@link StoreCall}. */
public sealed interface StoreReply {

    /**
     * An incarnation has begun.
     *
     * @param incarnation differs from all there were, also of the state before one that was lost
     * @param settling for how long no signals are decided: other nodes have yet to submit their sessions
     */
    record Begun(String incarnation, Duration settling) implements StoreReply {}

    /**
     * Commands were decided.
     *
     * @param through the number of the last one that was decided
     * @param page of the inbox; null if none was asked for
     */
    record Decided(long through, @Nullable Page page) implements StoreReply {}

    /** The call was executed. */
    record Done() implements StoreReply {}

    /**
     * The entries of the inbox behind the place that was asked for, the next one first.
     *
     * @param through the place of the last one; if there are none, the place that was asked for
     * @param bytes those of the entries, by app
     */
    record Page(List<InboxEntry> entries, long through, Map<String, Long> bytes) implements StoreReply {}

    /**
     * The signs of life of all nodes, by incarnation, and what waits in the inbox of the one that asked.
     *
     * @param entries how many entries wait
     * @param bytes how many bytes they have
     * @param used what the apps that the call named have sent through other nodes
     * @param isReplicated whether as many replicas as must have a decision had what the call wrote
     */
    record Beats(
            Map<String, NodeBeat> beats, long entries, long bytes, List<Coordinator.AppUse> used, boolean isReplicated)
            implements StoreReply {

        /** Returns the same, seen by fewer replicas than must have a decision. */
        public Beats unreplicated() {
            return new Beats(beats, entries, bytes, used, false);
        }
    }

    /**
     * The last sign of life of a node.
     *
     * @param name the name of the node
     * @param number higher than that of the one before
     */
    record NodeBeat(String name, long number) {}

    /** The store does not know the incarnation. */
    record Gone() implements StoreReply {}
}
