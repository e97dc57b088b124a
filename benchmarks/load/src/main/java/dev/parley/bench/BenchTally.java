// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What was counted, in all and within the time that is measured. Written on the loop, read behind it. */
final class BenchTally {

    /** A minute in nanoseconds: beyond it nobody waits. */
    private static final long HIGHEST = 60_000_000_000L;

    private static final int DIGITS = 3;

    private final Histogram nanos = new Histogram(HIGHEST, DIGITS);
    private final Map<String, Long> extras = new LinkedHashMap<>();
    private volatile long operations;
    private volatile long errors;
    private long lost;
    private long began;
    private long ended;
    private boolean isMeasuring;
    private @Nullable String firstError;

    /** Starts to count. */
    void begin() {
        nanos.reset();
        operations = 0;
        began = System.nanoTime();
        isMeasuring = true;
    }

    /** Stops counting. */
    void end() {
        ended = System.nanoTime();
        isMeasuring = false;
    }

    /** Counts one operation. */
    void did() {
        did(1);
    }

    /** Counts operations. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void did(int count) {
        operations += count;
    }

    /** What was due at that time has happened now. */
    void took(long due) {
        if (isMeasuring) {
            nanos.recordValue(Math.clamp(System.nanoTime() - due, 0, HIGHEST));
        }
    }

    /** Sets the count of operations. */
    void count(long all) {
        operations = all;
    }

    /** Notes a failure that makes the run invalid. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void failed(String why) {
        errors++;
        firstError = firstError == null ? why : firstError;
    }

    /** Counts signals that never arrived. */
    void lost(long count) {
        lost += count;
    }

    /** Adds a figure that only this scenario has. */
    void extra(String name, long value) {
        extras.put(name, value);
    }

    /** How many were done so far. Any thread. */
    long operations() {
        return operations;
    }

    /** How much went wrong so far. Any thread. */
    long errors() {
        return errors;
    }

    /** Returns the outcome. */
    BenchOutcome outcome() {
        return new BenchOutcome(
                operations, ended - began, lost, errors, firstError == null ? "" : firstError, nanos, extras);
    }
}
