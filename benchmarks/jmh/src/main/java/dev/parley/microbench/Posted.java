// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;
import java.util.ArrayDeque;

/** A loop that is run by hand: tasks wait, in the order in which they were posted, and time stands still. */
public final class Posted implements Loop {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void post(Runnable task) {
        tasks.addLast(task);
    }

    @Override
    public void defer(Runnable task) {
        post(task);
    }

    @Override
    public LoopTimer schedule(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public long now() {
        return 0;
    }

    /** Runs what was posted, and what that posts. */
    public void runAll() {
        for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
            task.run();
        }
    }
}
