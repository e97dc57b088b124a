// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * A session in the roster of a room, which may live on any node.
 *
 * @param peer what others see of it
 * @param isAway whether its client lost its socket and is waited for
 */
public record RosterEntry(SessionId session, PeerIdentity peer, boolean isAway) {}
