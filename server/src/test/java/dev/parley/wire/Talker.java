// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of v1 that reads messages as text, answering pings on the way. */
final class Talker implements AutoCloseable {

    private static final Pattern PEER_ID = Pattern.compile("\"peerId\":\"([^\"]*)\"");

    private final RawClient socket;
    private final String id;

    /** Its welcome is read. */
    Talker(TestServer server, String query) {
        this(server.port(), query);
    }

    /** Its welcome is read. */
    Talker(int port, String query) {
        socket = RawClient.open(port, "/v1?" + query);
        String welcome = receive();
        assertThat(welcome).startsWith("text {\"type\":\"welcome\"");
        Matcher matcher = PEER_ID.matcher(welcome);
        assertThat(matcher.find()).isTrue();
        id = matcher.group(1);
    }

    /** By which others address it. */
    String id() {
        return id;
    }

    void say(String message) {
        socket.text(message);
    }

    /** The next frame that is no ping. */
    String receive() {
        String frame = socket.read();
        while (frame.startsWith("ping")) {
            socket.answer(frame);
            frame = socket.read();
        }
        return frame;
    }

    /** From now on hears, on a thread of its own, for nothing but to answer pings. */
    void answerPings() {
        Thread.ofVirtual().start(() -> {
            String frame = receive();
            while (!frame.equals("end") && !frame.startsWith("lost")) {
                frame = receive();
            }
        });
    }

    /** Whether nothing comes for so long; pings do not come that early. */
    boolean isQuietFor(Duration time) {
        return socket.isQuietFor(time);
    }

    /** Says it, and returns the answer. */
    String ask(String message) {
        say(message);
        return receive();
    }

    void subscribe(String channel) {
        assertThat(ask("{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"" + channel + "\"}"))
                .contains("\"ack\"");
        assertThat(receive()).contains("\"presence\"", channel);
    }

    String publish(String channel) {
        return ask("{\"type\":\"publish\",\"requestId\":\"p\",\"channel\":\"" + channel + "\",\"data\":1}");
    }

    /** Nothing else is on its way, and the connection is open. */
    void isThere() {
        assertThat(ask("{\"type\":\"ping\"}")).isEqualTo("text {\"type\":\"pong\"}");
    }

    @Override
    public void close() {
        socket.close();
    }
}
