// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.time.Duration;

/**
 * The single thread on which everything of one connection happens; many connections share a loop.
 *
 * <p>Posted tasks run one at a time in the order in which they were posted, whoever posted them. This holds for posts
 * from the loop itself as well: {@code post} never runs a task before it returns. The order in which members of a room
 * see its changes rests on this.
 */
public interface Loop {

    /** Runs the task after everything posted before. Safe from any thread. After the loop ended, nothing runs. */
    void post(Runnable task);

    /**
     * Runs the task when the loop has time for it: it spends little time a turn on such tasks, in the order in which
     * they were deferred, and what was posted runs in between. For work that comes in large amounts at one moment, such
     * as the end of a thousand sessions, while others wait for their messages. On the loop.
     */
    void defer(Runnable task);

    /** Posts the task once the delay has passed, unless the timer was cancelled. Safe from any thread. */
    LoopTimer schedule(Duration delay, Runnable task);

    /** Returns the nanoseconds since this loop began. */
    long now();
}
