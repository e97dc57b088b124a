// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How a dead client is noticed.
 *
 * @param ping time between pings
 * @param timeout how long the answer to a ping may take
 */
public record KeepaliveSettings(Duration ping, Duration timeout) {

    /** Below the 30 s and 60 s after which proxies cut idle connections. */
    public static KeepaliveSettings defaults() {
        return new KeepaliveSettings(Duration.ofSeconds(25), Duration.ofSeconds(10));
    }
}
