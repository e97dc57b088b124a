// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import tools.jackson.databind.JsonNode;

/**
 * A client of v1 that speaks JSON. Every frame it gets has to be expected: nothing is skipped but WebSocket pings,
 * which it answers while it hears. One thread may say while another hears.
 */
final class Client implements AutoCloseable {

    private static final String TEXT = "text ";
    private static final String PING = "ping";

    private final RawClient raw;
    private final JsonNode welcome;
    private int asked;

    /** Reads its welcome. */
    Client(RawClient raw) {
        this(raw, raw.read());
    }

    /** One whose first frame has been read. */
    Client(RawClient raw, String first) {
        assertThat(first).startsWith(TEXT);
        this.raw = raw;
        this.welcome = Json.parse(first.substring(TEXT.length()));
        assertThat(welcome.path("type").asString()).isEqualTo("welcome");
    }

    JsonNode welcome() {
        return welcome;
    }

    String peerId() {
        return welcome.path("peerId").asString();
    }

    /** The socket, to do with it what clients do not. */
    RawClient raw() {
        return raw;
    }

    void say(String message) {
        raw.text(message);
    }

    /** The next frame as {@link RawClient#read} tells it. */
    String next() {
        String frame = raw.read();
        while (frame.startsWith(PING)) {
            raw.answer(frame);
            frame = raw.read();
        }
        return frame;
    }

    /** Answers the pings that have come; fails if anything else has. For who hears nothing for a while. */
    void answerPings() {
        while (raw.hasMore()) {
            String frame = raw.read();
            assertThat(frame).startsWith(PING);
            raw.answer(frame);
        }
    }

    /** Reads and drops all messages until the connection ends. */
    void hearOut() {
        String frame = next();
        while (!frame.equals("end") && !frame.startsWith("lost")) {
            frame = next();
        }
    }

    /** The next message, as it came. */
    String hearText() {
        String frame = next();
        assertThat(frame).startsWith(TEXT);
        return frame.substring(TEXT.length());
    }

    /** The next message. */
    JsonNode hear() {
        return Json.parse(hearText());
    }

    Presence hearPresence(String channel) {
        return Presence.of(hear(), channel);
    }

    /** Says this and hears the answer: {@code ack}, or the code of the error. */
    String ask(String type, String... fields) {
        String requestId = "request " + asked++;
        say(message(type, requestId, fields));
        return answer(hear(), requestId);
    }

    /** A message with a request id. */
    static String message(String type, String requestId, String... fields) {
        return "{" + Json.field("type", type) + "," + Json.field("requestId", requestId)
                + (fields.length == 0 ? "" : ",") + String.join(",", fields) + "}";
    }

    /** What the frame answers to this request. */
    static String answer(JsonNode frame, String requestId) {
        assertThat(frame.path("requestId").asString())
                .as("request id in %s", frame)
                .isEqualTo(requestId);
        if (frame.path("type").asString().equals("ack")) {
            return "ack";
        }
        assertThat(frame.path("type").asString()).isEqualTo("error");
        return frame.path("code").asString();
    }

    /** Hears an error that belongs to no request, and returns its code. */
    String hearUncorrelatedError() {
        JsonNode frame = hear();
        assertThat(frame.path("type").asString()).as("type of %s", frame).isEqualTo("error");
        assertThat(frame.has("requestId")).as("has a request id: %s", frame).isFalse();
        return frame.path("code").asString();
    }

    /** Subscribes, and hears the acknowledgement and then the roster, with nothing between. */
    Presence join(String channel) {
        assertThat(ask("subscribe", Json.field("channel", channel))).isEqualTo("ack");
        return hearPresence(channel);
    }

    String unsubscribe(String channel) {
        return ask("unsubscribe", Json.field("channel", channel));
    }

    /** Publishes this JSON. */
    String publish(String channel, String data) {
        return ask("publish", Json.field("channel", channel), "\"data\":" + data);
    }

    /** Sends this JSON. */
    String send(Client to, String data) {
        return ask("send", Json.field("to", to.peerId()), "\"data\":" + data);
    }

    /**
     * Nothing but the answer to a ping is on its way: nothing the server had said before, and the connection is open.
     */
    void hearsNothing() {
        say("{\"type\":\"ping\"}");
        assertThat(hear().path("type").asString()).isEqualTo("pong");
    }

    /** Nothing is on its way to this client before what the other says now, and after what it did before. */
    void hearsNothingBefore(Client other) {
        assertThat(other.send(this, "\"marker\"")).isEqualTo("ack");
        JsonNode frame = hear();
        assertThat(frame.path("type").asString()).as("type of %s", frame).isEqualTo("direct");
        assertThat(frame.path("data").asString()).isEqualTo("marker");
    }

    @Override
    public void close() {
        raw.close();
    }
}
