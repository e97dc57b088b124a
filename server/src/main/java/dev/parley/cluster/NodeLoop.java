// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop of a {@link StoreCoordinator}: a thread of its own. */
public final class NodeLoop implements Loop, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeLoop.class);

    private final long began = System.nanoTime();
    private final ScheduledExecutorService thread;

    /** @param node the name of the thread tells it */
    public NodeLoop(String node) {
        this.thread = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().daemon().name("cluster " + node).unstarted(task));
    }

    @Override
    public void post(Runnable task) {
        try {
            thread.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            log.debug("the loop has ended", e);
        }
    }

    @Override
    public void defer(Runnable task) {
        post(task);
    }

    @Override
    public LoopTimer schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> timer =
                    thread.schedule(() -> run(task), Math.max(delay.toNanos(), 0), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException e) {
            log.debug("the loop has ended", e);
            return () -> {};
        }
    }

    @Override
    public long now() {
        return System.nanoTime() - began;
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the other tasks must run
            log.error("a task of the cluster failed", e);
        }
    }

    /** Ends the thread; no task runs afterwards. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
