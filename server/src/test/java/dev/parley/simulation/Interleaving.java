// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * Loops that run at the same time, played on one thread. A task that posts to another loop may find that this loop has
 * handled the post, and that its client has even answered, before the posting task goes on: so one loop does overtake
 * another in the middle of a task. Only what needs no lock can happen there, frames that are sent and signals to one
 * peer, because the posting task may hold the lock of a room.
 */
public final class Interleaving {

    private final Random random;
    private final boolean mayInterrupt;
    private boolean isInTheMiddle;

    public Interleaving(Random random) {
        this(random, true);
    }

    /** @param mayInterrupt whether a task may find that another loop has overtaken it */
    public Interleaving(Random random, boolean mayInterrupt) {
        this.random = random;
        this.mayInterrupt = mayInterrupt;
    }

    public SimulatedLoop loop() {
        return new Loop();
    }

    /** What a client's socket brings. */
    public static void arrive(SimulatedLoop loop, Runnable message) {
        ((Loop) loop).arrivals.add(message);
    }

    /** A signal to one peer with which a client answers what it just read. */
    public static void react(SimulatedLoop loop, Runnable message) {
        ((Loop) loop).reactions.add(message);
    }

    private final class Loop extends SimulatedLoop {

        private final Deque<Runnable> arrivals = new ArrayDeque<>();
        private final Deque<Runnable> reactions = new ArrayDeque<>();
        private boolean isRunning;

        @Override
        public void post(Runnable task) {
            super.post(task);
            if (mayInterrupt && !isRunning && !isInTheMiddle && random.nextInt(3) == 0) {
                isInTheMiddle = true;
                while (isFrameOnItsWay(next())) {
                    run(super::runNext);
                }
                while (!reactions.isEmpty()) {
                    run(reactions.removeFirst());
                }
                isInTheMiddle = false;
            }
        }

        @Override
        public boolean isIdle() {
            return super.isIdle() && arrivals.isEmpty() && reactions.isEmpty();
        }

        @Override
        public void runNext() {
            Deque<Runnable> socket = reactions.isEmpty() ? arrivals : reactions;
            if (next() == null || (!socket.isEmpty() && random.nextBoolean())) {
                run(socket.removeFirst());
            } else {
                run(super::runNext);
            }
        }

        private void run(Runnable task) {
            isRunning = true;
            try {
                task.run();
            } finally {
                isRunning = false;
            }
        }

        private static boolean isFrameOnItsWay(Object task) {
            return task != null
                    && (task.getClass().getName().startsWith("dev.parley.core.room.SignalDelivery")
                            || task.getClass().getName().startsWith("dev.parley.core.room.PresenceDelivery")
                            || task.getClass().getName().startsWith("dev.parley.core.session.Session"));
        }
    }
}
