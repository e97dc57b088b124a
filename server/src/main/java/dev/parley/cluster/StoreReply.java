// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import java.util.List;
import java.util.Map;

/** What the store replies to a {@link StoreCall}. */
public sealed interface StoreReply {

    /**
     * An incarnation has begun.
     *
     * @param incarnation differs from all there were, also of the state before one that was lost
     */
    record Begun(String incarnation) implements StoreReply {}

    /** It is done. */
    record Done() implements StoreReply {}

    /** The entries of the inbox behind the place that was asked for, the next one first. */
    record Page(List<InboxEntry> entries) implements StoreReply {}

    /** The last beat of each node. */
    record Beats(Map<String, Long> beats) implements StoreReply {}

    /** The store does not know the incarnation. */
    record Gone() implements StoreReply {}
}
