// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A time that passes when the test says so. */
final class ManualTime implements ClientTime {

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));

    private long now = 1_000_000;
    private long count;

    private record Task(long due, long order, Runnable task) {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        count++;
        Task waiting = new Task(now + delay.toNanos(), count, task);
        tasks.add(waiting);
        return () -> tasks.remove(waiting);
    }

    /** Lets time pass up to the next task that is due within it, and runs that; false if there was none. */
    boolean passToNext(Duration most) {
        Task next = tasks.peek();
        if (next == null || next.due > now + most.toNanos()) {
            return false;
        }
        tasks.remove(next);
        now = Math.max(now, next.due);
        next.task.run();
        return true;
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    /** How many tasks wait for their time. */
    int waiting() {
        return tasks.size();
    }
}
