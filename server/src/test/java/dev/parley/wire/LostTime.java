// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The time that a busy machine has taken from this process: how much longer than asked for a thread has slept,
 * altogether. What a server does in a test is late by no more than that.
 */
public final class LostTime implements AutoCloseable {

    private static final long NAP_NANOS = 5_000_000;

    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().daemon().start(this::measure);

    private void measure() {
        while (!Thread.currentThread().isInterrupted()) {
            long before = System.nanoTime();
            LockSupport.parkNanos(NAP_NANOS);
            lost.addAndGet(Math.max(0, System.nanoTime() - before - NAP_NANOS));
        }
    }

    /** Nanoseconds since the beginning. */
    public long nanos() {
        return lost.get();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
