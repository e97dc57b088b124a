// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text to frames. Safe from any thread. */
final class FrameReader {

    private static final Pattern RESUME_TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,512}");

    private FrameReader() {}

    static ReceivedFrame read(String text) {
        try {
            FrameFields fields = FrameFields.of(text);
            return new ReceivedFrame(fields.has("seq") ? fields.number("seq") : 0, frame(fields), text.length());
        } catch (BrokenProtocolException e) {
            return new ReceivedFrame(0, new ServerFrame.Unreadable(e.why()), text.length());
        }
    }

    private static ServerFrame frame(FrameFields fields) throws BrokenProtocolException {
        return switch (fields.text("type")) {
            case "welcome" -> welcome(fields);
            case "ack" -> new ServerFrame.Ack(fields.text("requestId"), expiry(fields));
            case "error" ->
                new ServerFrame.Failure(
                        fields.textIfAny("requestId"),
                        fields.text("code"),
                        Objects.requireNonNullElse(fields.textIfAny("message"), ""),
                        fields.textIfAny("channel"));
            case "received" -> new ServerFrame.Received(fields.number("seq"));
            case "pong" -> new ServerFrame.Pong();
            case "going_away" -> new ServerFrame.GoingAway(fields.number("retryAfterMs"));
            default -> told(fields);
        };
    }

    private static ServerFrame told(FrameFields fields) throws BrokenProtocolException {
        Event event = event(fields);
        return event == null ? new ServerFrame.Unknown() : new ServerFrame.Told(event);
    }

    private static @Nullable Event event(FrameFields fields) throws BrokenProtocolException {
        return switch (fields.text("type")) {
            case "direct" -> new Event.Direct(fields.text("from"), fields.raw("fromMetadata"), fields.json("data"));
            case "message" ->
                new Event.Message(
                        fields.text("channel"), fields.text("from"), fields.raw("fromMetadata"), fields.json("data"));
            case "presence" -> presence(fields);
            case "reconnecting" -> new Event.Reconnecting(fields.text("channel"), fields.texts("peers"));
            case "reconnected" -> new Event.Reconnected(fields.text("channel"), fields.texts("peers"));
            case "undelivered" ->
                new Event.Undelivered(
                        fields.text("to"), fields.number("from"), fields.number("through"), fields.text("reason"));
            default -> null;
        };
    }

    private static Event presence(FrameFields fields) throws BrokenProtocolException {
        List<Event.Peer> joined = new ArrayList<>();
        for (FrameFields peer : fields.objects("joined")) {
            joined.add(new Event.Peer(peer.text("peerId"), peer.raw("metadata")));
        }
        List<String> left = new ArrayList<>();
        for (FrameFields peer : fields.objects("left")) {
            left.add(peer.text("peerId"));
        }
        return new Event.Presence(fields.text("channel"), List.copyOf(joined), List.copyOf(left));
    }

    private static ServerFrame welcome(FrameFields fields) throws BrokenProtocolException {
        return new ServerFrame.Welcome(
                fields.text("peerId"),
                expiry(fields),
                fields.number("maxMessageSize"),
                fields.raw("metadata"),
                fields.has("session") ? terms(fields, fields.object("session")) : null);
    }

    private static @Nullable Long expiry(FrameFields fields) throws BrokenProtocolException {
        boolean isNone = !fields.has("expiresAt") || Objects.equals(fields.raw("expiresAt"), "null");
        return isNone ? null : (Long) fields.number("expiresAt");
    }

    private static ServerFrame.Terms terms(FrameFields fields, FrameFields session) throws BrokenProtocolException {
        String resumeToken = session.text("resumeToken");
        if (!RESUME_TOKEN.matcher(resumeToken).matches()) {
            throw new BrokenProtocolException("a resume token with characters that none has");
        }
        return new ServerFrame.Terms(
                session.text("id"),
                resumeToken,
                fields.isTrue("resumed"),
                Objects.requireNonNullElse(fields.textIfAny("reason"), "unknown"),
                fields.number("received"));
    }
}
