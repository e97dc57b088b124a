// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import java.util.concurrent.atomic.LongAdder;

/** How many times were how long. Safe from any thread. */
final class TimeCounts {

    /** The longest time of each count, in seconds. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, Double.POSITIVE_INFINITY
    };

    private static final double NANOS = 1e9;

    private final LongAdder[] counts = new LongAdder[BOUNDS.length];
    private final LongAdder sum = new LongAdder();

    TimeCounts() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts a time in nanoseconds. */
    void add(long nanos) {
        sum.add(nanos);
        int i = 0;
        while (nanos / NANOS > BOUNDS[i]) {
            i++;
        }
        counts[i].increment();
    }

    /** Receives counts. */
    @FunctionalInterface
    interface Listener {

        /**
         * Receives a count.
         *
         * @param bound the longest time that was counted, in seconds; infinite for the last count
         */
        void count(double bound, long times);
    }

    /** Tells how many times were longer than the bound before and not longer than each. */
    void tell(Listener listener) {
        for (int i = 0; i < counts.length; i++) {
            listener.count(BOUNDS[i], counts[i].sum());
        }
    }

    /** Returns the sum of all times, in seconds. */
    double sum() {
        return sum.sum() / NANOS;
    }
}
