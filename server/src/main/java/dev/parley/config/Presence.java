// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How channels tell who is in them.
 *
 * @param delay from acknowledging a subscription to sending the roster. Clients outside of browsers lose a roster they
 *     read together with the acknowledgement
 */
public record Presence(Duration delay) {

    /** Long enough for a client's own loop to turn once. */
    public static Presence defaults() {
        return new Presence(Duration.ofMillis(15));
    }
}
