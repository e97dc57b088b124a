// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The lock of one client: whatever comes from outside, from sockets, timers or the application, goes through here. No
 * code of the application runs under it. Safe from any thread.
 */
final class ClientLock {

    private final ReentrantLock lock = new ReentrantLock();
    private final ClientTime time;

    ClientLock(ClientTime time) {
        this.time = time;
    }

    void run(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T get(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs the task under the lock after the delay, unless it is cancelled by then. To be called under the lock. */
    Alarm after(Duration delay, Runnable task) {
        Alarm alarm = new Alarm();
        alarm.stop = time.after(delay, () -> run(() -> alarm.ring(task)));
        return alarm;
    }

    /** Returns nanoseconds since any fixed moment. */
    long nanos() {
        return time.nanos();
    }

    /** A task that waits for its time. To be used under the lock; so what is cancelled does not run. */
    static final class Alarm {

        private Runnable stop = () -> {};
        private boolean isOver;

        void cancel() {
            isOver = true;
            stop.run();
        }

        private void ring(Runnable task) {
            if (!isOver) {
                isOver = true;
                task.run();
            }
        }
    }
}
