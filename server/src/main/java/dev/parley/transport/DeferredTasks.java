// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Tasks that a loop runs a few at a time, so that what is posted meanwhile waits for none of them long. On the loop.
 */
final class DeferredTasks {

    /** How long it runs them before everything else has a turn. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final NettyLoop loop;
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    DeferredTasks(NettyLoop loop) {
        this.loop = loop;
    }

    void add(Runnable task) {
        if (tasks.isEmpty()) {
            loop.post(this::step);
        }
        tasks.add(task);
    }

    private void step() {
        long until = loop.now() + STEP_NANOS;
        do {
            NettyLoop.run(tasks.element());
            tasks.remove(); // behind it: what it adds finds that a step is posted
        } while (!tasks.isEmpty() && loop.now() < until);
        if (!tasks.isEmpty()) {
            loop.postToNextTurn(this::step);
        }
    }
}
