// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event for the application. Text named data or metadata is JSON exactly as it was received. */
public sealed interface Event {

    /**
     * The client is connected. If its session could not be resumed, a new one has begun: channels are subscribed to
     * again by themselves, their rosters come again, and numbers of requests begin anew.
     *
     * @param peerId what others address this client by
     * @param hasContinuity whether the server speaks {@code parley.v1}, so that the session may outlive this connection
     * @param resumed whether it is the session of before, and nothing was missed
     * @param reason why it is a new session, in the words of docs/continuity.md; null if it is resumed, and in v1
     * @param expiresAt when the credential ends, in seconds since 1970; null: never
     * @param metadata what the server tells the client about itself; null if nothing
     * @param unsettled how many requests the client could not find out the fate of since the last time: they may or may
     *     not have been heard. Futures of such have failed with {@link SessionLostException}
     */
    record Welcomed(
            String peerId,
            boolean hasContinuity,
            boolean resumed,
            @Nullable String reason,
            @Nullable Long expiresAt,
            @Nullable String metadata,
            int unsettled)
            implements Event {}

    /**
     * A signal to this client.
     *
     * @param from the peer id of the sender
     * @param fromMetadata what the sender shows of itself; null if nothing
     */
    record Direct(String from, @Nullable String fromMetadata, String data) implements Event {}

    /**
     * A signal to a channel.
     *
     * @param from the peer id of the sender
     * @param fromMetadata what the sender shows of itself; null if nothing, or if it was not asked for
     */
    record Message(String channel, String from, @Nullable String fromMetadata, String data) implements Event {}

    /**
     * Peers that entered or left a channel. The first after each subscribe is the roster.
     *
     * @param left peer ids
     */
    record Presence(String channel, List<Peer> joined, List<String> left) implements Event {}

    /**
     * A peer in a channel.
     *
     * @param metadata what it shows of itself; null if nothing
     */
    record Peer(String id, @Nullable String metadata) {}

    /** These peers of a channel lost their sockets and are waited for. */
    record Reconnecting(String channel, List<String> peers) implements Event {}

    /** These peers of a channel, told as reconnecting before, are back. */
    record Reconnected(String channel, List<String> peers) implements Event {}

    /**
     * What was sent to a peer, also by way of channels, may not have arrived, and is not tried again.
     *
     * @param from the first number, of those requests complete with, that is meant
     * @param through the last one
     * @param reason what became of the peer's session, in the words of docs/continuity.md; after {@code busy} it goes
     *     on
     */
    record Undelivered(String to, long from, long through, String reason) implements Event {}

    /**
     * An error that no future can tell: of a request without acknowledgement, of a channel that could not be subscribed
     * to again, or of one that was taken away. If a channel is named, it is subscribed to no longer.
     */
    record ServerError(
            String code, String message, @Nullable String channel) implements Event {}

    /**
     * A connection ended, or could not be made. The client tries again; the session may still be resumed.
     *
     * @param why the reason, for people; never empty
     * @param retryIn after how long it tries again
     */
    record ConnectionLost(String why, Duration retryIn) implements Event {}

    /**
     * The client is closed, by itself or by the server, and does not come back. The last event.
     *
     * @param code of the WebSocket's Close
     * @param reason of the server's Close frame; empty if it gave none, and if the client closed
     */
    record Closed(int code, String reason) implements Event {}
}
