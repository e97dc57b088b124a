// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;

/** What the store has decided and concerns the node whose inbox it is in. */
public sealed interface InboxEntry {

    /** A command of the node was decided. */
    record Decided(long number, Outcome outcome) implements InboxEntry {}

    /** Something happened. */
    record Happened(NodeEvent event) implements InboxEntry {}
}
