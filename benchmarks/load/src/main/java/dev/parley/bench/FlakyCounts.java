// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;

/** What clients with lost sockets have noticed. Any thread. */
final class FlakyCounts {

    private static final long MOST_NANOS = 600_000_000_000L;

    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private final AtomicLong resumes = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicReference<String> firstError = new AtomicReference<>("");
    private final ReentrantLock lock = new ReentrantLock();
    private final Histogram nanos = new Histogram(MOST_NANOS, 3);
    private volatile boolean isOver;

    /** Counts a signal that arrived in order. */
    void arrived(long saidAt) {
        arrived.incrementAndGet();
        lock.lock();
        try {
            nanos.recordValue(Math.clamp(System.nanoTime() - saidAt, 1, MOST_NANOS));
        } finally {
            lock.unlock();
        }
    }

    /** It had arrived before, or behind a later one. */
    void twice() {
        twice.incrementAndGet();
    }

    /** Counts signals that are missing. */
    void missing(long count) {
        missing.addAndGet(count);
    }

    void resumed() {
        resumes.incrementAndGet();
    }

    void failed(String why) {
        if (!isOver) {
            errors.incrementAndGet();
            firstError.compareAndSet("", why);
        }
    }

    void closed(int code) {
        failed("closed with " + code);
    }

    /** From now on clients leave, and nothing is an error. */
    void over() {
        isOver = true;
    }

    long arrivals() {
        return arrived.get();
    }

    long errors() {
        return errors.get();
    }

    /** @param unheard what never arrived behind the last that did */
    BenchOutcome outcome(long nanosMeasured, long unheard, Map<String, Long> more) {
        Map<String, Long> extras = new LinkedHashMap<>();
        extras.put("resumes", resumes.get());
        extras.put("duplicates", twice.get());
        extras.putAll(more);
        return new BenchOutcome(
                arrived.get(),
                nanosMeasured,
                missing.get() + unheard,
                errors.get() + twice.get(),
                firstError.get(),
                nanos,
                extras);
    }
}
