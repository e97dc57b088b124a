// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What a client says, as far as its form goes. A text field is null if it was absent or no string; whether a name is a
 * good one is for the conversation to say. Where there is a request id, the answer repeats it.
 */
sealed interface ClientMessage {

    /**
     * Wants to hear a channel.
     *
     * @param wantsSenderMetadata only if the field was exactly {@code true}
     */
    record Subscribe(@Nullable String requestId, @Nullable String channel, boolean wantsSenderMetadata)
            implements ClientMessage {}

    /** Gives a channel up. */
    record Unsubscribe(@Nullable String requestId, @Nullable String channel) implements ClientMessage {}

    /**
     * Something for everyone in a channel.
     *
     * @param data null if absent; JSON null is four bytes
     */
    record Publish(
            @Nullable String requestId,
            @Nullable String channel,
            @Nullable Payload data) implements ClientMessage {}

    /**
     * Something for one peer.
     *
     * @param data null if absent; JSON null is four bytes
     */
    record Send(
            @Nullable String requestId,
            @Nullable String to,
            @Nullable Payload data) implements ClientMessage {}

    /** Brings a newer token for the same peer. Its text form hides it: it may end in a log. */
    record Refresh(@Nullable String requestId, @Nullable String token) implements ClientMessage {
        @Override
        public String toString() {
            return "Refresh[requestId=" + requestId + "]";
        }
    }

    /** Asks whether the server is there. */
    record Ping() implements ClientMessage {}

    /** Of a type the server does not know. */
    record Unknown(@Nullable String requestId) implements ClientMessage {}

    /** Not a message at all, or its request id is not what it must be. */
    record Malformed() implements ClientMessage {}
}
