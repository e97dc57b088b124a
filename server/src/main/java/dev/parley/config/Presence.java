// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How channels tell who is in them. Clients outside of browsers lose a roster they read together with the
 * acknowledgement of their subscription, so it is sent when the client has read that.
 *
 * @param delay from the acknowledgement to the roster at least; 0 sends the roster at once
 * @param patience from the acknowledgement to the roster at most, however long the client takes to say that it has read
 */
public record Presence(Duration delay, Duration patience) {

    /** The delay is long enough for an idle client's own loop to turn once, the patience for most busy ones. */
    public static Presence defaults() {
        return new Presence(Duration.ofMillis(15), Duration.ofMillis(500));
    }
}
