// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.relay.AppUsage;
import java.time.InstantSource;
import java.util.Map;

/** Counts what back ends send among the messages of their app, of which they need no share. */
final class MessageQuota {

    private MessageQuota() {}

    /** Goes on only if the app may send a message more. */
    static void spend(AppUsage usage, InstantSource clock) throws ApiRefusedException {
        if (!usage.send(null)) {
            long seconds = usage.period().end() - clock.instant().getEpochSecond();
            throw new ApiRefusedException(JsonReplies.error(
                    429,
                    "over_message_quota",
                    "the app has sent all messages it may send in this period",
                    Map.of("Retry-After", Long.toString(Math.max(seconds, 1)))));
        }
    }
}
