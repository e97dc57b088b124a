// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Loop;
import java.time.Duration;

/**
 * Spaces out the turns in which a node calls the store: each carries what has come together since the one before, as a
 * call costs about as much with ten signals as with one. The first turn after a quiet time comes at once. On the node's
 * loop.
 */
final class CallPace {

    /** Between the beginnings of two turns, at least. */
    private static final Duration PACE = Duration.ofMillis(8);

    private final Loop loop;
    private final Runnable turn;

    /** When the next turn may come, on the loop's clock. */
    private long freeAt;

    private boolean isWaiting;

    /** @param turn makes the calls of a turn */
    CallPace(Loop loop, Runnable turn) {
        this.loop = loop;
        this.turn = turn;
        this.freeAt = loop.now();
    }

    /** Asks for a turn, which comes now or in a moment. */
    void ask() {
        if (isWaiting) {
            return;
        }
        long wait = freeAt - loop.now();
        if (wait > 0) {
            isWaiting = true;
            loop.schedule(Duration.ofNanos(wait), this::begin);
        } else {
            begin();
        }
    }

    private void begin() {
        isWaiting = false;
        freeAt = loop.now() + PACE.toNanos();
        turn.run();
    }
}
