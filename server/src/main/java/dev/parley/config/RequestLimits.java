// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * The size and the rate of HTTP requests.
 *
 * @param headerBytes the size of a request line, and of all header fields together
 * @param bodyBytes the size of the body of a REST request
 * @param time from accepting a socket to admitting its client; also the time one request may take
 * @param perSecond REST requests each secret key may make, sustained; 0 for any number
 * @param burst REST requests each secret key may make at once
 */
public record RequestLimits(int headerBytes, int bodyBytes, Duration time, int perSecond, int burst) {

    /** Room for what browsers and proxies send, and for a long token. */
    public static RequestLimits defaults() {
        return new RequestLimits(65_536, 32 << 10, Duration.ofSeconds(10), 200, 1000);
    }

    /** The same with another rate of a secret key. */
    public RequestLimits withRate(int otherPerSecond, int otherBurst) {
        return new RequestLimits(headerBytes, bodyBytes, time, otherPerSecond, otherBurst);
    }
}
