// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How the server stops.
 *
 * @param spread over how long it closes connections at most, so that not all clients come back at once
 * @param timeout when it stops waiting for clients to go
 */
public record DrainSettings(Duration spread, Duration timeout) {

    /** Below the 30 s after which container platforms kill what does not stop. */
    public static DrainSettings defaults() {
        return new DrainSettings(Duration.ofSeconds(10), Duration.ofSeconds(25));
    }
}
