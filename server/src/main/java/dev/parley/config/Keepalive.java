// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How a dead client is noticed.
 *
 * @param ping time between pings
 * @param timeout how long the answer to a ping may take
 */
public record Keepalive(Duration ping, Duration timeout) {

    /** Below the 30 s and 60 s after which proxies cut idle connections. */
    public static Keepalive defaults() {
        return new Keepalive(Duration.ofSeconds(25), Duration.ofSeconds(10));
    }
}
