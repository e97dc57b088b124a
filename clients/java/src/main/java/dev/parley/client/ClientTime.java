// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;

/** Time as it passes. Safe from any thread. */
interface ClientTime {

    /** Returns nanoseconds since any fixed moment. */
    long nanos();

    /** Runs the task once, after the delay, on any thread; the answer stops that if it is in time. */
    Runnable after(Duration delay, Runnable task);
}
