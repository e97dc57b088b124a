// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A time that passes when the test says so. */
final class ManualTime implements InstantSource {

    static final long START = 1_800_000_000;

    private final AtomicLong nanos = new AtomicLong();

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    long nanos() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(START).plusNanos(nanos.get());
    }
}
