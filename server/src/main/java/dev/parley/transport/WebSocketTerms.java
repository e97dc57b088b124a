// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.access.FairShares;

/**
 * What all WebSockets of a server share.
 *
 * @param encoder makes their frames
 * @param arrivals counts input that is unfinished, by client address
 * @param unread closes connections whose clients do not read when memory is short
 */
record WebSocketTerms(
        ClientLimits limits,
        KeepaliveSettings keepalive,
        FrameEncoder encoder,
        FairShares arrivals,
        UnreadMemory unread) {}
