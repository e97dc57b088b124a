// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import org.jspecify.annotations.Nullable;

/** What a server says. */
sealed interface ServerFrame {

    /** Whether {@code parley.v1} gives it a number. */
    default boolean isNumbered() {
        return true;
    }

    /**
     * The first frame on a connection.
     *
     * @param expiresAt in seconds since 1970; null: never
     * @param maxMessageSize bytes that data may have
     * @param terms null in v1
     */
    record Welcome(
            String peerId,
            @Nullable Long expiresAt,
            long maxMessageSize,
            @Nullable String metadata,
            @Nullable Terms terms)
            implements ServerFrame {

        @Override
        public boolean isNumbered() {
            return false;
        }
    }

    /** What a {@link Welcome} of {@code parley.v1} says of the session. */
    record Terms(String sessionId, String resumeToken, boolean isResumed, String reason, long received) {

        /** Hides the token: it may end in a log. */
        @Override
        public String toString() {
            return sessionId;
        }
    }

    /** An event for the application. */
    record Told(Event event) implements ServerFrame {}

    /**
     * The answer to a request that was done.
     *
     * @param expiresAt the end of the token that the request brought, in seconds since 1970; null if it brought none
     */
    record Ack(String requestId, @Nullable Long expiresAt) implements ServerFrame {

        long expiry() throws BrokenProtocolException {
            if (expiresAt == null) {
                throw new BrokenProtocolException("no expiresAt");
            }
            return expiresAt;
        }
    }

    /**
     * An error.
     *
     * @param requestId null if it answers no request, or one without
     */
    record Failure(
            @Nullable String requestId,
            String code,
            String message,
            @Nullable String channel) implements ServerFrame {}

    /**
     * What the server heard.
     *
     * @param through the highest number of a request
     */
    record Received(long through) implements ServerFrame {

        @Override
        public boolean isNumbered() {
            return false;
        }
    }

    record Pong() implements ServerFrame {

        @Override
        public boolean isNumbered() {
            return false;
        }
    }

    record GoingAway(long retryAfterMs) implements ServerFrame {

        @Override
        public boolean isNumbered() {
            return false;
        }
    }

    /** A type that this client does not know. */
    record Unknown() implements ServerFrame {}

    /** A text that is not a frame. */
    record Unreadable(String why) implements ServerFrame {

        @Override
        public boolean isNumbered() {
            return false;
        }
    }
}
