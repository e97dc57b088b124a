// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;

/**
 * Reading from a client is paused while one of its requests is decided elsewhere: those behind it are handled when it
 * is answered. Nothing is paused if the answer is at hand. On the connection's loop.
 */
public final class AnswerPause {

    private final ClientConnection connection;
    private boolean isAnswered;
    private boolean isPaused;

    /** A pause for the answer to a request that is about to be decided. */
    public AnswerPause(ClientConnection connection) {
        this.connection = connection;
    }

    /** The request is under way: pauses reading unless it was answered. */
    public void begin() {
        if (!isAnswered) {
            isPaused = true;
            connection.pauseReading();
        }
    }

    /** The request is answered; returns whether it was not at once. */
    public boolean end() {
        isAnswered = true;
        if (isPaused) {
            connection.resumeReading();
        }
        return isPaused;
    }
}
