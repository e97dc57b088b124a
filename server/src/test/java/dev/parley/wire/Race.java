// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.util.Arrays;
import java.util.Random;

/**
 * Two things done again and again in random order, to find out whether the time one takes tells it from the other. They
 * are compared round by round, and the usual round counts: for a moment one may be slower because its code is being
 * compiled.
 */
final class Race {

    private static final int WARM_UP = 1_000;
    private static final int ROUNDS = 11;

    /** Times in order, by round. */
    private final long[][] first;

    private final long[][] second;

    private Race(long[][] first, long[][] second) {
        this.first = first;
        this.second = second;
    }

    /** Does each about so many times. */
    static Race run(int times, Runnable one, Runnable other) {
        long[][] first = new long[ROUNDS][times / ROUNDS];
        long[][] second = new long[ROUNDS][times / ROUNDS];
        Random random = new Random(1);
        for (int i = 0; i < WARM_UP; i++) {
            one.run();
            other.run();
        }
        for (int round = 0; round < ROUNDS; round++) {
            run(first[round], second[round], one, other, random);
        }
        return new Race(first, second);
    }

    private static void run(long[] first, long[] second, Runnable one, Runnable other, Random random) {
        int firsts = 0;
        int seconds = 0;
        while (firsts < first.length || seconds < second.length) {
            boolean isFirst = random.nextInt(first.length - firsts + second.length - seconds) < first.length - firsts;
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
    }

    /**
     * How often one of the first is slower than one of the second: a half if times tell nothing, 0 or 1 if they tell
     * all. Whatever slows both down, as a busy machine does, changes nothing.
     */
    double chanceThatFirstIsSlower() {
        double[] chances = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            chances[round] = chanceThatFirstIsSlower(first[round], second[round]);
        }
        return median(chances);
    }

    private static double chanceThatFirstIsSlower(long[] first, long[] second) {
        double wins = 0;
        for (long time : first) {
            wins += below(second, time) + (below(second, time + 1) - below(second, time)) / 2.0;
        }
        return wins / first.length / second.length;
    }

    /** How long the usual one of the first takes, measured in that of the second. */
    double ratioOfMedians() {
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ratios[round] = (double) first[round][first[round].length / 2] / second[round][second[round].length / 2];
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static int below(long[] times, long time) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
