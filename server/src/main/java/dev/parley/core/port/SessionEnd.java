// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.Locale;

/** Why a session that outlives its sockets is over. */
public enum SessionEnd {
    /** Its client said goodbye. */
    LEFT,
    /** Its client did not come back in time. */
    EXPIRED,
    /** More was kept for its client than may be. */
    OVERFLOW,
    /** Another connection of the same peer took its place. */
    REPLACED,
    /** It was put out, or somebody used a resume token that was void. */
    REVOKED,
    /** Something failed in the server. */
    STATE_LOST,
    /** The server stops, and has let its client go. */
    GOING_AWAY;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Returns the reason, for programs. */
    public String word() {
        return word;
    }
}
