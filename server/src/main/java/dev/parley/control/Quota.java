// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.relay.Usage;
import java.time.InstantSource;
import java.util.Map;

/** Counts what back ends send among the messages of their app, of which they need no share. */
final class Quota {

    private Quota() {}

    /** Goes on only if the app may send a message more. */
    static void spend(Usage usage, InstantSource clock) throws Refused {
        if (!usage.send(null)) {
            long seconds = usage.period().end() - clock.instant().getEpochSecond();
            throw new Refused(Replies.error(
                    429,
                    "over_message_quota",
                    "the app has sent all messages it may send in this period",
                    Map.of("Retry-After", Long.toString(Math.max(seconds, 1)))));
        }
    }
}
