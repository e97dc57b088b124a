// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;
import java.util.Optional;

/**
 * What the server offers to clients.
 *
 * @param iceServers the ICE servers for clients, in this order
 * @param minimal who may use the minimal protocol
 * @param pageKey the publishable key of the call page at {@code GET /}; without one there is no page
 * @param hasWildcards whether clients may subscribe to patterns of channels
 * @param isStrictHttpReject whether foreign origins and unreadable tokens are answered by HTTP 401, not by 4001
 * @param presence how channels announce their members
 * @param continuity what is kept of clients that lost their sockets
 */
public record ServiceSettings(
        List<IceServer> iceServers,
        MinimalSettings minimal,
        Optional<String> pageKey,
        boolean hasWildcards,
        boolean isStrictHttpReject,
        PresenceSettings presence,
        ContinuitySettings continuity) {

    /** Keeps a copy. */
    public ServiceSettings {
        iceServers = List.copyOf(iceServers);
    }

    /** The same with other terms for sessions that outlive their sockets. */
    ServiceSettings withContinuity(ContinuitySettings other) {
        return new ServiceSettings(iceServers, minimal, pageKey, hasWildcards, isStrictHttpReject, presence, other);
    }
}
