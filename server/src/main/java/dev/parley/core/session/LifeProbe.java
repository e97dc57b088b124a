// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A pending question whether the client of a session is alive. On the session's loop. */
final class LifeProbe {

    private final Loop loop;
    private final long deadline;
    private final Runnable known;
    private @Nullable LoopTimer timer;
    private boolean isAnswered;

    /**
     * Asks.
     *
     * @param patience how long an answer may take
     * @param known runs once, when the answer is known
     */
    LifeProbe(Loop loop, Duration patience, Runnable known) {
        this.loop = loop;
        this.deadline = loop.now() + patience.toNanos();
        this.known = known;
    }

    /** Runs the task at the deadline, unless the probe is answered before. */
    void atDeadline(Runnable task) {
        if (!isAnswered) {
            timer = loop.schedule(Duration.ofNanos(Math.max(deadline - loop.now(), 0)), task);
        }
    }

    /** The answer is known. Later calls do nothing. */
    void answer() {
        if (isAnswered) {
            return;
        }
        isAnswered = true;
        if (timer != null) {
            timer.cancel();
        }
        known.run();
    }
}
