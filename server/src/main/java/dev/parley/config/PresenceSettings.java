// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How channels announce their members. Clients outside of browsers lose a roster they read together with the
 * acknowledgement of their subscription, so it is sent when the client has read that.
 *
 * @param delay from the acknowledgement to the ping whose answer brings the roster; 0 sends the roster at once
 * @param patience from the acknowledgement to the roster at most, if no answer comes
 * @param coalesce how long changes of a crowded channel may wait to be announced together; 0 announces
 *     everyone at once
 */
public record PresenceSettings(Duration delay, Duration patience, Duration coalesce) {

    private static final Duration USUAL_COALESCE = Duration.ofMillis(50);

    /** Settings with the default patience. */
    public PresenceSettings(Duration delay, Duration patience) {
        this(delay, patience, USUAL_COALESCE);
    }

    /** The same without waiting: for clients that lose nothing they read together. */
    public PresenceSettings atOnce() {
        return new PresenceSettings(Duration.ZERO, patience, coalesce);
    }

    /** The delay lets an idle client's own loop turn once, the patience is enough for most busy ones. */
    public static PresenceSettings defaults() {
        return new PresenceSettings(Duration.ofMillis(15), Duration.ofMillis(500));
    }
}
