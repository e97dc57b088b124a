// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.allocation;

import dev.parley.core.port.LoopTimer;
import dev.parley.simulation.SimulatedLoop;
import java.time.Duration;

/** A loop whose queues may have no memory. Like a Netty loop it goes on when a task fails. */
final class FailingLoop extends SimulatedLoop {

    private final AllocationFaults faults;
    private boolean isAdvancing;

    FailingLoop(AllocationFaults faults) {
        this.faults = faults;
    }

    @Override
    public void post(Runnable task) {
        if (!isAdvancing) { // what was scheduled has its memory
            faults.task();
        }
        super.post(task);
    }

    @Override
    public LoopTimer schedule(Duration delay, Runnable task) {
        faults.task();
        return super.schedule(delay, task);
    }

    @Override
    public void runNext() {
        try {
            super.runNext();
        } catch (OutOfMemoryError | IllegalStateException e) {
            // A Netty loop logs it.
        }
    }

    @Override
    public void advance(Duration time) {
        isAdvancing = true;
        super.advance(time);
        isAdvancing = false;
    }
}
