// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/**
 * What follows the end of a connection, by its Close code: docs/continuity.md, "Losing the socket", and v1's close
 * codes.
 */
enum CloseAftermath {

    /** Come back at once and resume. */
    RESUME,

    /** The same, but after a while. */
    RESUME_LATER,

    /** The session is over; come back after a while with a new one. */
    RENEW_LATER,

    /** The client does not reconnect. */
    STAY_AWAY;

    static CloseAftermath of(int code) {
        return switch (code) {
            case 4001, 4003, 4012, 4020, 4501 -> STAY_AWAY;
            case 1011 -> RENEW_LATER;
            case 1013, 4010, 4500 -> RESUME_LATER;
            default -> RESUME;
        };
    }
}
