// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A loop whose tasks run when the simulation says so, in posting order, on its virtual time. */
public class SimulatedLoop implements Loop {

    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final PriorityQueue<Scheduled> scheduled =
            new PriorityQueue<>(Comparator.comparingLong(Scheduled::at).thenComparingLong(Scheduled::order));
    private long now;
    private long orders;

    @Override
    public void post(Runnable task) {
        posted.addLast(task);
    }

    @Override
    public void defer(Runnable task) {
        post(task);
    }

    @Override
    public LoopTimer schedule(Duration delay, Runnable task) {
        Scheduled entry = new Scheduled(now + delay.toNanos(), orders++, task);
        scheduled.add(entry);
        return () -> cancel(entry);
    }

    @Override
    public long now() {
        return now;
    }

    /** Also if its time has come, as long as it has not begun. */
    private void cancel(Scheduled entry) {
        scheduled.remove(entry);
        posted.remove(entry.task());
    }

    /** The posted task that is next. */
    protected @Nullable Runnable next() {
        return posted.peekFirst();
    }

    /** Whether something is still scheduled. */
    public boolean isWaiting() {
        return !scheduled.isEmpty();
    }

    public boolean isIdle() {
        return posted.isEmpty();
    }

    /** Runs the task that is next. */
    public void runNext() {
        posted.removeFirst().run();
    }

    /** Lets time pass: what was scheduled until then is posted. */
    public void advance(Duration time) {
        now += time.toNanos();
        while (!scheduled.isEmpty() && scheduled.peek().at() <= now) {
            post(scheduled.remove().task());
        }
    }

    private record Scheduled(long at, long order, Runnable task) {}
}
