// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.util.Arrays;
import java.util.Random;

/** Two things done again and again in random order, to find out whether the time one takes tells it from the other. */
final class Race {

    private static final int WARM_UP = 1_000;

    private final long[] first;
    private final long[] second;

    private Race(long[] first, long[] second) {
        this.first = first;
        this.second = second;
    }

    /** Does each so many times. */
    static Race run(int times, Runnable one, Runnable other) {
        long[] first = new long[times];
        long[] second = new long[times];
        Random random = new Random(1);
        int firsts = 0;
        int seconds = 0;
        for (int i = 0; i < WARM_UP; i++) {
            one.run();
            other.run();
        }
        while (firsts < times || seconds < times) {
            boolean isFirst = seconds == times || (firsts < times && random.nextBoolean());
            long begin = System.nanoTime();
            (isFirst ? one : other).run();
            long time = System.nanoTime() - begin;
            if (isFirst) {
                first[firsts++] = time;
            } else {
                second[seconds++] = time;
            }
        }
        Arrays.sort(first);
        Arrays.sort(second);
        return new Race(first, second);
    }

    /**
     * How often one of the first is slower than one of the second: a half if times tell nothing, 0 or 1 if they tell all.
     * Whatever slows both down, as a busy machine does, changes nothing.
     */
    double chanceThatFirstIsSlower() {
        double wins = 0;
        for (long time : first) {
            wins += below(time) + (below(time + 1) - below(time)) / 2.0;
        }
        return wins / first.length / second.length;
    }

    /** How long the usual one of the first takes, measured in that of the second. */
    double ratioOfMedians() {
        return (double) first[first.length / 2] / second[second.length / 2];
    }

    private int below(long time) {
        int low = 0;
        int high = second.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (second[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
