// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Grant;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Payload;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.session.LastingProtocol;
import dev.parley.json.JsonBuilder;
import dev.parley.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything the server says in v1. */
final class V1Messages implements LastingProtocol {

    /**
     * Bytes beyond which presence comes without metadata: clients of the field give up on a frame of more than
     * 1,048,576 UTF-16 units, others on one of more than 1 MiB.
     */
    private static final int MAX_PRESENCE_SIZE = 1_000_000;

    /** What stands around the id and the metadata of a peer. */
    private static final int PEER_SIZE = 30;

    /** Names and ids of usual length, and what stands around them. */
    private static final int USUAL_BYTES = 192;

    private final FrameFactory frames;

    /** What is said of each signal is put together in the same memory: a frame copies it at once. */
    private final ThreadLocal<JsonBuilder> scratch = ThreadLocal.withInitial(() -> new JsonBuilder(USUAL_BYTES));

    /** Reads signals of other protocols. */
    private final ThreadLocal<JsonScanner> scanner =
            ThreadLocal.withInitial(() -> new JsonScanner(MessageDecoder.MAX_DATA_DEPTH));

    private final Frame pong;
    private final Frame goingAway;

    V1Messages(FrameFactory frames) {
        this.frames = frames;
        this.pong = frames.constant("{\"type\":\"pong\"}");
        this.goingAway = frames.constant("{\"type\":\"going_away\",\"retryAfterMs\":1000}");
    }

    /**
     * The first words.
     *
     * @param metadata what the client learns about itself, the text of a JSON object
     * @param serverTime in seconds since 1970
     */
    Frame welcome(Grant grant, @Nullable String metadata, long serverTime, int maxMessageSize) {
        return frames.text(welcome(new JsonBuilder(USUAL_BYTES), grant, metadata, serverTime, maxMessageSize)
                .end());
    }

    /** The welcome of a client whose session outlives its sockets. */
    Frame welcome(Grant grant, @Nullable String metadata, long serverTime, int maxMessageSize, SessionState session) {
        JsonBuilder text = welcome(new JsonBuilder(2 * USUAL_BYTES), grant, metadata, serverTime, maxMessageSize)
                .raw(",\"session\":{\"id\":")
                .string(session.id().toString())
                .raw(",\"resumeToken\":")
                .string(session.resumeToken())
                .raw(",\"windowMs\":")
                .number(session.window().toMillis())
                .raw(",\"ghostMs\":")
                .number(session.ghostBound().toMillis())
                .raw("},\"epoch\":")
                .string(session.id().epoch());
        if (session.reason() == null) {
            text.raw(",\"resumed\":true");
        } else {
            text.raw(",\"resumed\":false,\"reason\":").string(session.reason());
        }
        return frames.text(text.raw(",\"received\":").number(session.received()).end());
    }

    private static JsonBuilder welcome(
            JsonBuilder text, Grant grant, @Nullable String metadata, long serverTime, int maxMessageSize) {
        text.raw("{\"type\":\"welcome\",\"peerId\":").string(grant.peer().id()).raw(",\"expiresAt\":");
        expiry(text, grant.expiresAt())
                .raw(",\"serverTime\":")
                .number(serverTime)
                .raw(",\"maxMessageSize\":")
                .number(maxMessageSize);
        return metadata == null ? text : text.raw(",\"metadata\":").json(metadata);
    }

    @Override
    public Frame received(long sequence) {
        return frames.text(scratch.get()
                .clear()
                .raw("{\"type\":\"received\",\"seq\":")
                .number(sequence)
                .end());
    }

    @Override
    public Frame number(Frame frame, long sequence) {
        JsonBuilder text =
                scratch.get().clear().raw("{\"seq\":").number(sequence).raw(",");
        return frames.begun(text.payload(), 1, frame);
    }

    /** Acknowledges a newer token. */
    Frame refreshed(String requestId, long expiresAt) {
        JsonBuilder text = new JsonBuilder(USUAL_BYTES)
                .raw("{\"type\":\"ack\",\"requestId\":")
                .string(requestId)
                .raw(",\"expiresAt\":");
        return frames.text(expiry(text, expiresAt).end());
    }

    /**
     * Answers with ICE servers.
     *
     * @param offer null without any
     */
    Frame iceServers(String requestId, IceServers.@Nullable Offer offer) {
        JsonBuilder text = new JsonBuilder(USUAL_BYTES)
                .raw("{\"type\":\"ack\",\"requestId\":")
                .string(requestId)
                .raw(",\"iceServers\":")
                .json(offer == null ? "[]" : offer.json())
                .raw(",\"expiresAt\":");
        return frames.text(
                expiry(text, offer == null ? Grant.NEVER : offer.expiresAt()).end());
    }

    /** The client held this channel and holds it no longer. */
    Frame subscriptionLost(String channel, ErrorCode error) {
        return frames.text(new JsonBuilder(USUAL_BYTES)
                .raw("{\"type\":\"error\",\"code\":")
                .string(error.code())
                .raw(",\"channel\":")
                .string(channel)
                .raw(",\"message\":")
                .string(error.explanation())
                .end());
    }

    private static JsonBuilder expiry(JsonBuilder text, long expiresAt) {
        return expiresAt == Grant.NEVER ? text.raw("null") : text.number(expiresAt);
    }

    Frame ack(String requestId) {
        return frames.text(scratch.get()
                .clear()
                .raw("{\"type\":\"ack\",\"requestId\":")
                .string(requestId)
                .end());
    }

    /** @param requestId of the message it answers, null if that had none */
    Frame error(@Nullable String requestId, ErrorCode error) {
        JsonBuilder text = new JsonBuilder(USUAL_BYTES).raw("{\"type\":\"error\",");
        if (requestId != null) {
            text.raw("\"requestId\":").string(requestId).raw(",");
        }
        return frames.text(text.raw("\"code\":")
                .string(error.code())
                .raw(",\"message\":")
                .string(error.explanation())
                .end());
    }

    Frame pong() {
        return pong;
    }

    @Override
    public Frame goingAway() {
        return goingAway;
    }

    /** Reports requests that may not have arrived. */
    Frame report(SessionEvent.Undelivered undelivered) {
        return frames.text(undelivered(undelivered));
    }

    @Override
    public @Nullable SessionEnd sessionEnd(CloseCode code) {
        return V1CloseCodes.sessionEnd(code);
    }

    @Override
    public boolean delaysOffers() {
        return true;
    }

    @Override
    public @Nullable Frame encode(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Sent sent -> isBinary(sent.signal()) ? null : frames.text(direct(sent));
            case SessionEvent.Published published ->
                isBinary(published.signal()) ? null : frames.text(message(published));
            case SessionEvent.Undelivered undelivered -> report(undelivered);
            case SessionEvent.Waiting waiting -> frames.text(waiting(waiting));
            case SessionEvent.Changed changed ->
                frames.text(presence(changed.room(), changed.joined(), changed.left()));
            case SessionEvent.Roster roster -> frames.text(presence(roster.room(), roster.others(), List.of()));
        };
    }

    private Payload direct(SessionEvent.Sent sent) {
        JsonBuilder text = scratch.get().clear().raw("{\"type\":\"direct\",\"from\":");
        from(text, sent.from(), true);
        return data(text.raw(",\"data\":"), sent.signal());
    }

    private Payload message(SessionEvent.Published published) {
        JsonBuilder text = scratch.get()
                .clear()
                .raw("{\"type\":\"message\",\"channel\":")
                .string(published.room())
                .raw(",\"from\":");
        from(text, published.from(), published.showsMetadata());
        return data(text.raw(",\"data\":"), published.signal());
    }

    /** The protocol is text: what another protocol sends as binary is nothing here. */
    private static boolean isBinary(Signal signal) {
        return signal.kind() == Signal.Kind.BINARY;
    }

    /** Text of another protocol that is no JSON value becomes a JSON string: nobody writes into a frame of this one. */
    private Payload data(JsonBuilder text, Signal signal) {
        Payload payload = signal.payload();
        return signal.kind() == Signal.Kind.JSON || isJson(payload)
                ? text.end(payload)
                : text.string(new String(payload.bytes(), payload.offset(), payload.length(), StandardCharsets.UTF_8))
                        .end();
    }

    private boolean isJson(Payload payload) {
        JsonScanner json = scanner.get();
        try {
            json.read(payload.bytes(), payload.offset(), payload.length());
            json.skipSpace();
            json.skipValue();
            json.skipSpace();
            return json.isAtEnd();
        } catch (JsonScanner.NotJson e) {
            return false;
        }
    }

    private static Payload undelivered(SessionEvent.Undelivered undelivered) {
        return new JsonBuilder(USUAL_BYTES)
                .raw("{\"type\":\"undelivered\",\"to\":")
                .string(undelivered.to())
                .raw(",\"from\":")
                .number(undelivered.from())
                .raw(",\"through\":")
                .number(undelivered.through())
                .raw(",\"reason\":")
                .string(undelivered.why().word())
                .end();
    }

    private static Payload waiting(SessionEvent.Waiting waiting) {
        JsonBuilder text = new JsonBuilder(USUAL_BYTES)
                .raw(waiting.areBack() ? "{\"type\":\"reconnected\"" : "{\"type\":\"reconnecting\"")
                .raw(",\"channel\":")
                .string(waiting.room())
                .raw(",\"peers\":");
        String separator = "[";
        for (String peer : waiting.peers()) {
            text.raw(separator).string(peer);
            separator = ",";
        }
        return text.raw("]").end();
    }

    private static void from(JsonBuilder text, PeerIdentity peer, boolean showsMetadata) {
        text.string(peer.id());
        if (showsMetadata && peer.metadata() != null) {
            text.raw(",\"fromMetadata\":").json(peer.metadata());
        }
    }

    /** Returns a presence message with both arrays, since clients drop one that lacks either. */
    private static Payload presence(String room, List<PeerIdentity> joined, List<PeerIdentity> left) {
        boolean showsMetadata = size(joined, true) + size(left, false) <= MAX_PRESENCE_SIZE;
        JsonBuilder text = new JsonBuilder(USUAL_BYTES)
                .raw("{\"type\":\"presence\",\"channel\":")
                .string(room)
                .raw(",\"joined\":");
        peers(text, joined, showsMetadata);
        text.raw(",\"left\":");
        peers(text, left, false);
        return text.end();
    }

    private static long size(List<PeerIdentity> peers, boolean showsMetadata) {
        long size = 0;
        for (PeerIdentity peer : peers) {
            int metadata = showsMetadata && peer.metadata() != null ? JsonBuilder.utf8Bytes(peer.metadata()) : 0;
            size += PEER_SIZE + 2L * peer.id().length() + metadata; // at worst each character is escaped
        }
        return size;
    }

    private static void peers(JsonBuilder text, List<PeerIdentity> peers, boolean showsMetadata) {
        String separator = "[{\"peerId\":";
        for (PeerIdentity peer : peers) {
            text.raw(separator).string(peer.id());
            if (showsMetadata && peer.metadata() != null) {
                text.raw(",\"metadata\":").json(peer.metadata());
            }
            separator = "},{\"peerId\":";
        }
        text.raw(peers.isEmpty() ? "[]" : "}]");
    }
}
