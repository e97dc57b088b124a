// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that compute signatures of TLS handshakes, so that many handshakes delay each other and nothing else. Half of
 * the processors, two at most. A socket has one task at a time here. Any thread.
 */
final class HandshakeThreads implements Executor, AutoCloseable {

    private static final int MOST = 2;
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor pool;

    HandshakeThreads() {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST);
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("tls-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
    }

    /** @throws java.util.concurrent.RejectedExecutionException after {@link #close}; the handshake fails */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
