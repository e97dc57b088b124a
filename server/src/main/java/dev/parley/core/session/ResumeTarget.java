// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.SessionEnd;
import org.jspecify.annotations.Nullable;

/** What a resume token identifies. */
public sealed interface ResumeTarget {

    /**
     * A session that goes on, unless the token turns out to be void.
     *
     * @param turn counts the tokens of the session
     */
    record Alive(LastingSession session, int turn) implements ResumeTarget {}

    /**
     * No session, or one that has ended.
     *
     * @param reason for the client
     * @param peerId the peer id that the client may have again; null if it may not
     */
    record Over(String reason, @Nullable String peerId) implements ResumeTarget {

        /** The token was not made by this server, or not for this client. */
        static final Over UNKNOWN = new Over("unknown", null);

        /** Returns what is left of a session that ended this way. */
        public static Over of(SessionEnd how, String peerId) {
            return switch (how) {
                case LEFT, EXPIRED -> new Over(SessionEnd.EXPIRED.word(), peerId);
                case OVERFLOW, STATE_LOST -> new Over(how.word(), peerId);
                case GOING_AWAY -> new Over(SessionEnd.STATE_LOST.word(), peerId);
                case REPLACED, REVOKED -> new Over(how.word(), null);
            };
        }
    }
}
