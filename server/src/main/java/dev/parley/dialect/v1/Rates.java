// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Limits;
import dev.parley.core.access.TokenBucket;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Loop;
import org.jspecify.annotations.Nullable;

/** How fast one client may talk. On its connection's loop. */
final class Rates {

    /** Clients must be able to ask for life when they have said all they may, so pings have a bucket of their own. */
    private static final int PINGS_PER_SECOND = 20;

    private static final int PINGS_BURST = 200;

    /** No client that works sends any, so a few are patience enough. */
    private static final int MALFORMED_PER_SECOND = 1;

    private static final int MALFORMED_BURST = 100;

    /** A message to so many receivers costs as much as one more. */
    private static final int RECEIVERS_PER_MESSAGE = 100;

    private final Loop loop;
    private final TokenBucket messages;
    private final TokenBucket pings;
    private @Nullable TokenBucket malformed;

    Rates(Loop loop, Limits limits) {
        this.loop = loop;
        this.messages = new TokenBucket(limits.messagesPerSecond(), limits.messagesBurst(), loop.now());
        this.pings = new TokenBucket(PINGS_PER_SECOND, PINGS_BURST, loop.now());
    }

    /** Counts a message; why the client has to go, or null. */
    @Nullable
    CloseCode count(ClientMessage message) {
        TokenBucket rate = message instanceof ClientMessage.Ping ? pings : messages;
        if (!rate.take(loop.now())) {
            return Closings.OVER_MESSAGE_RATE;
        }
        return message instanceof ClientMessage.Malformed && !isMalformedAllowed() ? Closings.TOO_MANY_MALFORMED : null;
    }

    /** A message went to so many receivers. */
    void charge(int receivers) {
        messages.charge(receivers / RECEIVERS_PER_MESSAGE);
    }

    private boolean isMalformedAllowed() {
        if (malformed == null) {
            malformed = new TokenBucket(MALFORMED_PER_SECOND, MALFORMED_BURST, loop.now());
        }
        return malformed.take(loop.now());
    }
}
