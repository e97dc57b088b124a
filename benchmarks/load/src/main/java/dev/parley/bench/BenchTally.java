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

    /** From now on it counts. */
    void begin() {
        nanos.reset();
        operations = 0;
        began = System.nanoTime();
        isMeasuring = true;
    }

    /** From now on it counts no more. */
    void end() {
        ended = System.nanoTime();
        isMeasuring = false;
    }

    /** One thing was done. */
    void did() {
        did(1);
    }

    /** So many were. */
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

    /** So many were, in all. */
    void count(long all) {
        operations = all;
    }

    /** Something went wrong that must not. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void failed(String why) {
        errors++;
        firstError = firstError == null ? why : firstError;
    }

    /** So many signals never arrived. */
    void lost(long count) {
        lost += count;
    }

    /** A figure only this scenario has. */
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

    /** What came of it. */
    BenchOutcome outcome() {
        return new BenchOutcome(
                operations, ended - began, lost, errors, firstError == null ? "" : firstError, nanos, extras);
    }
}
