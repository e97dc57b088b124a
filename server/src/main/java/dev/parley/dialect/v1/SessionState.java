// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.SessionId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client learns about its session that outlives sockets. Its text form hides the token: it may end in a log.
 *
 * @param resumeToken for the next resume
 * @param window how long it waits for its client
 * @param ghostBound how long others may see a client that is gone
 * @param reason why it is a new one; null if it was resumed
 * @param received the highest number of a request that was heard
 */
record SessionState(
        SessionId id,
        String resumeToken,
        Duration window,
        Duration ghostBound,
        @Nullable String reason,
        long received) {

    @Override
    public String toString() {
        return "SessionState[" + id + "]";
    }
}
