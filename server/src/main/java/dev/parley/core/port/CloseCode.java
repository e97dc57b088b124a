// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.nio.charset.StandardCharsets;

/**
 * Why the server closes a connection: the number of RFC 6455 section 7.4 and a short reason that clients may show.
 *
 * @param number a code that may be sent, 1000 to 4999 without those RFC 6455 reserves
 * @param reason at most 123 bytes of UTF-8; never a secret, never internals
 */
public record CloseCode(int number, String reason) {

    /** The server is stopping. */
    public static final CloseCode GOING_AWAY = new CloseCode(1001, "going away");

    /** The client exceeded its queue of messages it did not read. */
    public static final CloseCode SLOW_CONSUMER = new CloseCode(1013, "slow consumer");

    /** The messages that clients of the same address have begun and not finished take as much memory as they may. */
    public static final CloseCode SERVER_BUSY = new CloseCode(1013, "server busy");

    /** Something failed inside the server. */
    public static final CloseCode INTERNAL_ERROR = new CloseCode(1011, "internal error");

    /** An operator or a back end put the client out. */
    public static final CloseCode ADMIN_DISCONNECT = new CloseCode(4020, "admin_disconnect");

    /** The session goes on over a newer socket, or has lost its place to it. See docs/continuity.md. */
    public static final CloseCode REPLACED = new CloseCode(4500, "replaced");

    /** A void resume token was used, so the session has ended. See docs/continuity.md. */
    public static final CloseCode SESSION_REVOKED = new CloseCode(4501, "session_revoked");

    private static final int MAX_REASON_BYTES = 123; // a control frame holds 125, the number takes two (RFC 6455 5.5)

    /** Refuses what must not stand in a Close frame. */
    public CloseCode {
        if (!isSendable(number)) {
            throw new IllegalArgumentException("not a sendable close code: " + number);
        }
        if (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException("close reason too long: " + reason);
        }
    }

    /** Whether an endpoint may put this number into a Close frame (RFC 6455 section 7.4 and the IANA registry). */
    public static boolean isSendable(int number) {
        return switch (number) {
            case 1004, 1005, 1006 -> false;
            default -> (number >= 1000 && number <= 1014) || (number >= 3000 && number <= 4999);
        };
    }
}
