// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import org.jspecify.annotations.Nullable;

/**
 * Is notified of what became of signals for which there was no answer at once. On the sender's loop. A request is
 * identified by what its sender gave it: an id, null if none, and a number, 0 if none.
 */
public interface SignalAnswers {

    /** For a sender that needs no answers. */
    SignalAnswers NONE = new SignalAnswers() {
        @Override
        public void published(@Nullable String request, int bytes, int receivers, long steps) {}

        @Override
        public void sent(@Nullable String request, String to, int bytes, int receivers) {}

        @Override
        public void delivered(@Nullable String request, long sequence, String to, boolean isTaken, boolean isMissed) {}
    };

    /**
     * It is decided who receives what was published.
     *
     * @param bytes of the signal
     * @param receivers how many sessions, or {@link AppExchange#UNAVAILABLE}, or {@link AppExchange#BUSY}
     * @param steps of comparisons with patterns that are still to be paid for
     */
    void published(@Nullable String request, int bytes, int receivers, long steps);

    /**
     * It is decided who receives what was sent to one peer.
     *
     * @param bytes of the signal
     * @param receivers how many sessions; the negative number if one of them is busy, so that {@link #delivered}
     *     follows; or {@link AppExchange#UNAVAILABLE}, or {@link AppExchange#BUSY}
     */
    void sent(@Nullable String request, String to, int bytes, int receivers);

    /**
     * Every session of the receiver has taken the signal, or was busy for too long.
     *
     * @param isTaken whether a session has taken it
     * @param isMissed whether a session has not
     */
    void delivered(@Nullable String request, long sequence, String to, boolean isTaken, boolean isMissed);
}
