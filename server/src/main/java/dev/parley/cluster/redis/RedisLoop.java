// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of a coordinator that decides by Redis: the one thread of the connections to it, so that replies are handled
 * where they are read.
 */
final class RedisLoop implements Loop {

    private static final Logger log = LoggerFactory.getLogger(RedisLoop.class);

    private final long began = System.nanoTime();
    private final EventLoopGroupProvider threads;
    private final EventLoop thread;

    RedisLoop() {
        this.threads = new DefaultEventLoopGroupProvider(1, pool -> new DefaultThreadFactory("cluster", true));
        this.thread = threads.allocate(Transports.eventLoopGroupClass()).next();
    }

    /** Returns what gives the thread to connections. */
    EventLoopGroupProvider threads() {
        return threads;
    }

    @Override
    public void post(Runnable task) {
        try {
            thread.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            log.debug("the loop has ended", e);
        }
    }

    /** A task that is scheduled waits until Redis was read: one that is merely posted may run before that. */
    @Override
    public void defer(Runnable task) {
        schedule(Duration.ZERO, task);
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

    /** Ends the thread. */
    void close() {
        threads.shutdown(0, 0, TimeUnit.MILLISECONDS);
    }
}
