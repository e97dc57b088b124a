// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Netty event loop with what its connections share: a clock, a timer wheel, and one flush a turn. */
final class NettyLoop implements Loop {

    private static final Logger log = LoggerFactory.getLogger(NettyLoop.class);
    private static final Duration TICK = Duration.ofNanos(TimerWheel.TICK_NANOS);

    /** A connection for which more waits is flushed behind the others. More than an offer with its candidates. */
    private static final int DEFERRED_BYTES = 8 << 10;

    /** After so long a flush of many connections goes on behind others. */
    private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Few clients need not be spread far: this many a second can come back anywhere. */
    private static final long NANOS_PER_DRAINED = TimeUnit.SECONDS.toNanos(1) / 50;

    private final EventLoop executor;
    private final LongSupplier nanoTime;
    private final long origin;
    private final TimerWheel wheel = new TimerWheel();
    private byte[] scratch = {};
    private final List<SocketFlow> unflushed = new ArrayList<>();
    private final DeferredTasks deferred = new DeferredTasks(this);
    private final RequestTurns requestTurns = new RequestTurns(this);
    private @Nullable CompletableFuture<Void> emptied;

    NettyLoop(EventLoop executor) {
        this(executor, System::nanoTime);
    }

    /** @param nanoTime the clock, see {@link System#nanoTime} */
    NettyLoop(EventLoop executor, LongSupplier nanoTime) {
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
        armWheel();
    }

    @Override
    public void post(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop ended with the server, and with it every connection the task could concern.
        }
    }

    /** Posts the task once sockets have been read: what is merely posted runs before that, and what it posts too. */
    void postToNextTurn(Runnable task) {
        executor.schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void defer(Runnable task) {
        deferred.add(task);
    }

    /** The sockets of this loop whose requests wait. */
    RequestTurns requestTurns() {
        return requestTurns;
    }

    @Override
    public LoopTimer schedule(Duration delay, Runnable task) {
        Future<?> scheduled = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public long now() {
        return nanoTime.getAsLong() - origin;
    }

    /**
     * Memory for what is looked at within a call and kept by nobody, at least so long; the same for all sockets of the
     * loop.
     */
    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    /** Returns the wheel with the deadlines of this loop's sockets. */
    TimerWheel wheel() {
        return wheel;
    }

    /**
     * Flushes the connection after everything now waiting on this loop has run, so that many messages to one client
     * cost one system call. Where much waits, which takes the system long to copy, the flush is deferred. The caller
     * remembers that it asked.
     */
    void flushLater(SocketFlow connection) {
        if (unflushed.isEmpty()) {
            post(this::flushAll);
        }
        unflushed.add(connection);
    }

    /**
     * Lets every socket go, one after the other within this time. Completes when the last of them is gone. Safe from
     * any thread.
     */
    CompletableFuture<Void> drain(Duration spread) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        post(() -> {
            emptied = done;
            long enough = Math.min(spread.toNanos(), wheel.size() * NANOS_PER_DRAINED);
            wheel.drain(now(), enough);
            completeIfEmpty();
        });
        return done;
    }

    /** Whether sockets that still come have to go again. */
    boolean isDraining() {
        return emptied != null;
    }

    private void armWheel() {
        schedule(TICK, this::turnWheel);
    }

    private void turnWheel() {
        try {
            wheel.turn(now());
            completeIfEmpty();
        } finally {
            armWheel();
        }
    }

    /** A failure would vanish in a future nobody reads, or take others with it. */
    static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log.error("a task failed", e);
        }
    }

    /** One that fails must not keep the others from theirs. */
    private static void flush(SocketFlow connection) {
        try {
            connection.flush();
        } catch (Throwable e) {
            log.error("a flush failed", e);
        }
    }

    private void completeIfEmpty() {
        if (emptied != null && wheel.size() == 0) {
            emptied.complete(null);
        }
    }

    private void flushAll() {
        long until = now() + FLUSH_NANOS;
        boolean isLate = false;
        for (int i = 0; i < unflushed.size(); i++) { // by index: a failed write may ask for another flush
            SocketFlow connection = unflushed.get(i);
            if (isLate || connection.unflushedBytes() > DEFERRED_BYTES) {
                deferred.add(connection);
            } else {
                flush(connection);
                isLate = now() >= until;
            }
        }
        unflushed.clear();
    }
}
