// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/** Hands out the STUN and TURN servers clients may use. Safe from any thread; must not block. */
@FunctionalInterface
public interface IceServers {

    /** No servers are configured. */
    IceServers NONE = (hasTurn, until) -> null;

    /**
     * Servers with credentials of their own.
     *
     * @param hasTurn whether those that ask for credentials are among them
     * @param until when who gets them ends, in seconds since 1970: the credentials are good until then if they may live
     *     so long, and never shorter than is configured
     * @return null without any
     */
    @Nullable
    Offer offer(boolean hasTurn, long until);

    /**
     * What is handed out.
     *
     * @param json the text of a JSON array, each element an RTCIceServer of the WebRTC API
     * @param expiresAt when the first of the credentials ends, in seconds since 1970; {@link Long#MAX_VALUE} if none
     *     does
     */
    record Offer(String json, long expiresAt) {}
}
