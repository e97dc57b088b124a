// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

/**
 * Which resume tokens of a session are good: all that were given since the client last showed that it has the newest.
 * On the session's loop. See docs/continuity.md, "Losing the socket".
 */
final class TokenTurns {

    private int oldest = 1;
    private int newest = 1;

    int newest() {
        return newest;
    }

    boolean isValid(int turn) {
        return turn >= oldest && turn <= newest;
    }

    /** Starts the turn of another token, which the client is sent. */
    void next() {
        newest++;
    }

    /** Confirms that the client has the newest token. */
    void confirm() {
        oldest = newest;
    }
}
