// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of the listener one after the other, on a thread that it holds only while there is
 * something. Safe from any thread.
 */
final class ListenerMailbox {

    private final Executor executor;

    /** Guarded by itself, like {@link #isDelivering}. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean isDelivering;

    ListenerMailbox(Executor executor) {
        this.executor = executor;
    }

    void add(Runnable delivery) {
        synchronized (waiting) {
            waiting.add(delivery);
            if (isDelivering) {
                return;
            }
            isDelivering = true;
        }
        executor.execute(this::deliver);
    }

    private void deliver() {
        for (Runnable delivery = next(); delivery != null; delivery = next()) {
            try {
                delivery.run();
            } catch (Throwable e) { // whatever it is, the next delivery is due
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable next = waiting.poll();
            isDelivering = next != null;
            return next;
        }
    }
}
