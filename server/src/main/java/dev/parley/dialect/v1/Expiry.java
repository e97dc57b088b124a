// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Grant;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Timer;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Closes a connection when its grant ends. On the connection's loop. */
final class Expiry {

    /** So long before the end, so that nobody acts a moment after it. */
    private static final long AHEAD_MILLIS = 250;

    /** A timer's longest time: farther ends are waited for in steps. */
    private static final Duration STEP = Duration.ofHours(12);

    private final Connection connection;
    private final InstantSource clock;
    private @Nullable Timer timer;

    Expiry(Connection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** Whether a grant of that end is as good as over. */
    static boolean isDue(Grant grant, InstantSource clock) {
        return grant.expiresAt() != Grant.NEVER && millisLeft(grant.expiresAt(), clock) <= 0;
    }

    /** From now on the end of this grant counts. */
    void set(Grant grant) {
        cancel();
        if (grant.expiresAt() != Grant.NEVER) {
            waitFor(grant.expiresAt());
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void waitFor(long end) {
        long left = millisLeft(end, clock);
        if (left <= 0) {
            // Not at once: whoever set it may not be whole yet, and would not hear of its own end.
            connection.loop().post(() -> connection.close(Closings.TOKEN_EXPIRED));
        } else {
            Duration step = Duration.ofMillis(Math.min(left, STEP.toMillis()));
            timer = connection.loop().schedule(step, () -> waitFor(end));
        }
    }

    private static long millisLeft(long end, InstantSource clock) {
        return end * 1000 - AHEAD_MILLIS - clock.millis();
    }
}
