// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client on the WebSocket. It answers pings at once, also while nobody asks what it heard. */
final class Guest implements AutoCloseable {

    private static final JsonMapper LENIENT = JsonMapper.shared(); // what clients send one another may hold a key twice

    private final RawClient raw;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final String peerId;
    private int asked;

    private Guest(RawClient raw) {
        this.raw = raw;
        Thread.ofVirtual().start(this::listen);
        JsonNode welcome = LENIENT.readTree(text(next()));
        assertThat(welcome.path("type").asString()).isEqualTo("welcome");
        this.peerId = welcome.path("peerId").asString();
    }

    static Guest withKey(int port, String key) {
        return new Guest(RawClient.open(port, "/v1?key=" + key));
    }

    static Guest withToken(int port, String token) {
        return new Guest(RawClient.open(port, "/v1?token=" + token));
    }

    /** One whose token, made by that back end, says this besides its peer id. */
    static Guest named(Rest backEnd, String peerId, String... terms) {
        String more = terms.length == 0 ? "" : "," + String.join(",", terms);
        Answer minted = backEnd.post("/v1/tokens", "{\"peerId\":\"" + peerId + "\"" + more + "}");
        return withToken(backEnd.port(), minted.json().path("token").asString());
    }

    String peerId() {
        return peerId;
    }

    /** Asks, and returns {@code ack} or the code of the error. */
    String ask(String type, String fields) {
        String id = "q" + asked++;
        raw.text("{\"type\":\"" + type + "\",\"requestId\":\"" + id + "\"," + fields + "}");
        JsonNode answer;
        do {
            answer = LENIENT.readTree(text(next()));
        } while (!answer.path("requestId").asString("").equals(id));
        return answer.path("code").asString("ack");
    }

    /** Enters the channel, and returns once it is in the roster. */
    Guest join(String channel) {
        assertThat(ask("subscribe", "\"channel\":\"" + channel + "\",\"includeSenderMetadata\":true"))
                .isEqualTo("ack");
        receive("presence");
        return this;
    }

    /** The next message of that type, as it came. */
    String receive(String type) {
        while (true) {
            String message = text(next());
            if (LENIENT.readTree(message).path("type").asString().equals(type)) {
                return message;
            }
        }
    }

    /** Fails if a message of that type is on its way: nothing but others may come before the answer to a ping. */
    void hasNotHeard(String type) {
        raw.text("{\"type\":\"ping\"}");
        String message;
        do {
            message = text(next());
            assertThat(LENIENT.readTree(message).path("type").asString()).isNotEqualTo(type);
        } while (!message.equals("{\"type\":\"pong\"}"));
    }

    /** The next frame but pings, as {@link RawClient#read} tells it. */
    String next() {
        try {
            String frame = heard.poll(RawClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return frame == null ? "silence" : frame;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void listen() {
        String frame = raw.read();
        while (!frame.equals("end") && !frame.startsWith("lost")) {
            if (frame.startsWith("ping")) {
                raw.answer(frame);
            } else {
                heard.add(frame);
            }
            frame = raw.read();
        }
        heard.add(frame);
    }

    private static String text(String frame) {
        assertThat(frame).startsWith("text ");
        return frame.substring("text ".length());
    }

    @Override
    public void close() {
        raw.close();
    }
}
