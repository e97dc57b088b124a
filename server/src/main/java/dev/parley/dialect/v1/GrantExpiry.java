// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Grant;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.session.GuardedTask;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Closes a connection when its grant ends. On the connection's loop. */
final class GrantExpiry {

    /** So long before the end, so that nobody acts a moment after it. */
    private static final long AHEAD_MILLIS = 250;

    /** The clock may jump, after a sleep for example, so it is looked at again and again. */
    private static final Duration STEP = Duration.ofMinutes(15);

    private final ClientConnection connection;
    private final InstantSource clock;
    private @Nullable LoopTimer timer;

    GrantExpiry(ClientConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** Whether a grant of that end is as good as over. */
    static boolean isDue(Grant grant, InstantSource clock) {
        return grant.expiresAt() != Grant.NEVER && millisLeft(grant.expiresAt(), clock) <= 0;
    }

    /** From now on the end of this grant counts; unless it has come, when this returns false and nothing changes. */
    boolean set(Grant grant) {
        if (isDue(grant, clock)) {
            return false;
        }
        cancel();
        if (grant.expiresAt() != Grant.NEVER) {
            waitFor(grant.expiresAt());
        }
        return true;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void waitFor(long end) {
        long left = Math.max(millisLeft(end, clock), 0);
        Duration step = Duration.ofMillis(Math.min(left, STEP.toMillis()));
        timer = connection.loop().schedule(step, new GuardedTask(connection, () -> look(end)));
    }

    private void look(long end) {
        if (millisLeft(end, clock) <= 0) {
            connection.close(V1CloseCodes.TOKEN_EXPIRED);
        } else {
            waitFor(end);
        }
    }

    private static long millisLeft(long end, InstantSource clock) {
        return end * 1000 - AHEAD_MILLIS - clock.millis();
    }
}
