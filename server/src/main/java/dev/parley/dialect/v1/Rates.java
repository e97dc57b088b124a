// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Limits;
import dev.parley.core.access.TokenBucket;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast one client may talk. On its connection's loop. */
final class Rates {

    /** Clients must be able to ask for life when they have said all they may, so pings have a bucket of their own. */
    private static final int PINGS_PER_SECOND = 20;

    private static final int PINGS_BURST = 200;

    /** No client that works sends any, so a few are patience enough. */
    private static final int MALFORMED_PER_SECOND = 1;

    private static final int MALFORMED_BURST = 100;

    /** So many who are told something, or are told of, cost as much as one message more. */
    private static final int TOLD_PER_MESSAGE = 100;

    /** Whoever needs more than a token now and then is guessing. */
    private static final int TOKENS_PER_SECOND = 1;

    private static final int TOKENS_BURST = 10;

    private final Loop loop;
    private final TokenBucket messages;
    private final Limits limits;

    // The others are made when something is first taken from them: most clients never do, and a full one is none.

    private @Nullable TokenBucket pings;

    /** What is told of comings and goings; it has a bucket of its own, because whoever waits here breaks no rule. */
    private @Nullable TokenBucket presence;

    private @Nullable TokenBucket malformed;
    private @Nullable TokenBucket refreshes;

    Rates(Loop loop, Limits limits) {
        this.loop = loop;
        this.messages = new TokenBucket(limits.messagesPerSecond(), limits.messagesBurst(), loop.now());
        this.limits = limits;
    }

    /** Counts a message; why the client has to go, or null. */
    @Nullable
    CloseCode count(ClientMessage message) {
        boolean isAllowed = message instanceof ClientMessage.Ping ? isPingAllowed() : messages.take(loop.now());
        if (!isAllowed) {
            return Closings.OVER_MESSAGE_RATE;
        }
        return message instanceof ClientMessage.Malformed && !isMalformedAllowed() ? Closings.TOO_MANY_MALFORMED : null;
    }

    /** A message of the client went to so many. */
    void charge(int receivers) {
        messages.charge(receivers / TOLD_PER_MESSAGE);
    }

    /** The client came or went and so many were told, or it was told of so many: {@link #pause} later. */
    void chargePresence(int told) {
        int cost = told / TOLD_PER_MESSAGE;
        if (cost > 0) {
            if (presence == null) {
                presence = new TokenBucket(limits.messagesPerSecond(), limits.messagesBurst(), loop.now());
            }
            presence.charge(cost);
        }
    }

    /** How long the client has to wait until it may enter another channel. */
    Duration pause() {
        return presence == null ? Duration.ZERO : Duration.ofNanos(presence.nanosUntilOne(loop.now()));
    }

    /** Counts a token the client brings; false if it will not be looked at. */
    boolean isTokenAllowed() {
        if (refreshes == null) {
            refreshes = new TokenBucket(TOKENS_PER_SECOND, TOKENS_BURST, loop.now());
        }
        return refreshes.take(loop.now());
    }

    private boolean isPingAllowed() {
        if (pings == null) {
            pings = new TokenBucket(PINGS_PER_SECOND, PINGS_BURST, loop.now());
        }
        return pings.take(loop.now());
    }

    private boolean isMalformedAllowed() {
        if (malformed == null) {
            malformed = new TokenBucket(MALFORMED_PER_SECOND, MALFORMED_BURST, loop.now());
        }
        return malformed.take(loop.now());
    }
}
