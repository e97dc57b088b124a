// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.Locale;

/** Why a signal was not delivered to a session that outlives its sockets. See docs/continuity.md, "undelivered". */
public enum UndeliveredReason {
    /** The receiver takes signals more slowly than this sender sends them; its session goes on. */
    BUSY,
    /** The receiver closed its socket for good. */
    LEFT,
    /** The receiver did not return within the resume window. */
    EXPIRED,
    /** The receiver read too slowly, or was away while too much was sent to it. */
    OVERFLOW,
    /** Another connection of the same peer took the receiver's place. */
    REPLACED,
    /** The receiver was disconnected by an operator, or its session was revoked. */
    REVOKED,
    /** The receiver's session failed inside the server. */
    STATE_LOST,
    /** The server stops. */
    GOING_AWAY;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Returns the reason of a signal whose receiver's session ended this way. */
    public static UndeliveredReason of(SessionEnd end) {
        return switch (end) {
            case LEFT -> LEFT;
            case EXPIRED -> EXPIRED;
            case OVERFLOW -> OVERFLOW;
            case REPLACED -> REPLACED;
            case REVOKED -> REVOKED;
            case STATE_LOST -> STATE_LOST;
            case GOING_AWAY -> GOING_AWAY;
        };
    }

    /** Returns the reason as it stands in messages and metrics. */
    public String word() {
        return word;
    }
}
