// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/**
 * Resume tokens: sealed, so that a server needs to keep nothing of one to know its own, and whoever holds one can be
 * told its peer id again by a server that lost everything else. Safe from any thread.
 */
public interface ResumeTokens {

    /** Returns a random name for this run of the server, which knows no sessions of other runs. */
    String epoch();

    /** The token, at most 512 characters of {@code A-Z a-z 0-9 - _}. */
    String seal(Ticket ticket, String holder);

    /** Opens a token; returns null if it was not sealed for this holder. */
    @Nullable
    Ticket open(String token, String holder);

    /**
     * What a token says.
     *
     * @param session which the token resumes
     * @param turn counts the tokens of a session, from 1
     * @param peerId of the session
     */
    record Ticket(SessionId session, int turn, String peerId) {}
}
