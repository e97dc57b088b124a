// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the store replies to a {@link StoreCall}. */
public sealed interface StoreReply {

    /**
     * An incarnation has begun.
     *
     * @param incarnation differs from all there were, also of the state before one that was lost
     * @param settling for how long no signals are decided: other nodes have yet to submit their sessions
     */
    record Begun(String incarnation, Duration settling) implements StoreReply {}

    /** The call was executed. */
    record Done() implements StoreReply {}

    /**
     * The entries of the inbox behind the place that was asked for, the next one first.
     *
     * @param through the place of the last one; if there are none, the place that was asked for
     */
    record Page(List<InboxEntry> entries, long through) implements StoreReply {}

    /** The last beat of each node. */
    record Beats(Map<String, Long> beats) implements StoreReply {}

    /** The store does not know the incarnation. */
    record Gone() implements StoreReply {}
}
