// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/**
 * The sender of a signal, as every node has to know it.
 *
 * @param peer what receivers see of the sender
 * @param session null for a back end
 * @param sequence the number the sender gave its request; 0 if it is not notified of what became of the signal
 * @param address what senders at one client address have in common, the same on all nodes; empty for a back end
 */
public record SignalHead(PeerIdentity peer, @Nullable SessionId session, long sequence, String address) {}
