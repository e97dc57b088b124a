// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What is kept of clients that lost their sockets, and for how long.
 *
 * @param window how long a client may be away; 0 if sessions end with their sockets
 * @param frames messages kept for a client that is away
 * @param bytes what may be kept for a client, whether it is away or has not said that it received it
 * @param totalBytes memory for all messages that wait for receivers or for their acknowledgement; 0 for as much as
 *     there is
 * @param secret what seals resume tokens; empty if none is set
 */
public record ContinuitySettings(Duration window, int frames, int bytes, int totalBytes, Optional<Secret> secret) {

    /** Two minutes, as clients of the field expect. */
    public static ContinuitySettings defaults() {
        return new ContinuitySettings(Duration.ofMinutes(2), 512, 1 << 20, 0, Optional.empty());
    }

    /** Returns the same settings with this secret, unless they have one. */
    public ContinuitySettings orWith(Secret other) {
        return new ContinuitySettings(window, frames, bytes, totalBytes, secret.or(() -> Optional.of(other)));
    }

    /** Whether sessions outlive their sockets at all. */
    public boolean isOffered() {
        return !window.isZero();
    }
}
