// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What a client says, as far as its form goes. A text field is null if it was absent or no string; whether a name is a
 * good one is for the conversation to say. Where there is a request id, the answer repeats it.
 */
sealed interface ClientMessage {

    /** Something that is acted on, once. */
    sealed interface Request extends ClientMessage {

        /** Repeated in the answer, null if none is wanted. */
        @Nullable
        String requestId();

        /** Its number, if the client numbers what it says; 0 if it has none that is one. */
        long sequence();
    }

    /**
     * Wants to hear a channel.
     *
     * @param wantsSenderMetadata only if the field was exactly {@code true}
     */
    record Subscribe(
            @Nullable String requestId,
            long sequence,
            @Nullable String channel,
            boolean wantsSenderMetadata) implements Request {}

    /** Gives a channel up. */
    record Unsubscribe(
            @Nullable String requestId,
            long sequence,
            @Nullable String channel) implements Request {}

    /**
     * Something for everyone in a channel.
     *
     * @param data null if absent; JSON null is four bytes
     */
    record Publish(
            @Nullable String requestId,
            long sequence,
            @Nullable String channel,
            @Nullable Payload data) implements Request {}

    /**
     * Something for one peer.
     *
     * @param data null if absent; JSON null is four bytes
     */
    record Send(
            @Nullable String requestId,
            long sequence,
            @Nullable String to,
            @Nullable Payload data) implements Request {}

    /** Brings a newer token for the same peer. Its text form hides it: it may end in a log. */
    record Refresh(
            @Nullable String requestId,
            long sequence,
            @Nullable String token) implements Request {
        @Override
        public String toString() {
            return "Refresh[requestId=" + requestId + "]";
        }
    }

    /** Asks for ICE servers with new credentials. */
    record IceServers(@Nullable String requestId, long sequence) implements Request {}

    /** Asks whether the server is there. */
    record Ping() implements ClientMessage {}

    /** A message of an unknown type. */
    record Unknown(@Nullable String requestId, long sequence) implements Request {}

    /**
     * Has received everything through this number, negative if that is invalid. Only of clients that number their
     * requests.
     */
    record Received(long sequence) implements ClientMessage {}

    /** Not a valid message, or one with an invalid request id. */
    record Malformed() implements ClientMessage {}
}
