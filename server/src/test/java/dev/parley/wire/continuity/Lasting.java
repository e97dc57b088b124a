// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ServerSettings;
import dev.parley.rawclient.RawClient;
import dev.parley.simulation.Json;
import dev.parley.wire.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One socket of a client of {@code parley.v1}: its welcome, and whether later frames are numbered without a gap. */
final class Lasting implements AutoCloseable {

    static final String KEY = "key." + ServerSettings.DEVELOPMENT_KEY;

    static final String HOST = "Host: localhost";

    private final RawClient socket;
    private final Map<String, Object> welcome;
    private long last;

    private Lasting(RawClient socket, long last) {
        this.socket = socket;
        this.last = last;
        this.welcome = next();
        assertThat(welcome).containsEntry("type", "welcome");
        if (!isResumed()) {
            this.last = 0;
        }
    }

    static Lasting begin(TestServer server) {
        return begin(server, KEY);
    }

    static Lasting begin(TestServer server, String credential) {
        return new Lasting(open(server.port(), credential), 0);
    }

    /** By way of this port. */
    static Lasting begin(int port) {
        return new Lasting(open(port, KEY), 0);
    }

    /** Goes on where this one is. */
    Lasting resume(TestServer server) {
        return resume(server, KEY, token(), last);
    }

    static Lasting resume(TestServer server, String credential, String token, long position) {
        return new Lasting(open(server.port(), credential + ", resume." + token + "." + position), position);
    }

    /** With this text where the position stands. */
    static Lasting resumeAt(TestServer server, String token, String position) {
        return new Lasting(open(server.port(), KEY + ", resume." + token + position), 0);
    }

    private static RawClient open(int port, String items) {
        return RawClient.tcp(port).upgrade("/v1", HOST, "Sec-WebSocket-Protocol: parley.v1, " + items);
    }

    Map<String, Object> welcome() {
        return welcome;
    }

    boolean isResumed() {
        return "true".equals(welcome.get("resumed"));
    }

    Object reason() {
        return welcome.get("reason");
    }

    String peerId() {
        return String.valueOf(welcome.get("peerId"));
    }

    String token() {
        return String.valueOf(((Map<?, ?>) welcome.get("session")).get("resumeToken"));
    }

    long last() {
        return last;
    }

    RawClient socket() {
        return socket;
    }

    void say(String text) {
        socket.text(text);
    }

    void send(long sequence, String to, String data) {
        say("{\"seq\":" + sequence + ",\"type\":\"send\",\"to\":\"" + to + "\",\"data\":" + data + "}");
    }

    /** Says that it received everything so far. */
    void receipt() {
        say("{\"type\":\"received\",\"seq\":" + last + "}");
    }

    /** The next numbered message. */
    Map<String, Object> receive() {
        Map<String, Object> frame = next();
        while ("received".equals(frame.get("type"))) {
            frame = next();
        }
        last++;
        assertThat(frame).containsEntry("seq", Long.toString(last));
        return frame;
    }

    /** The data of so many signals. */
    List<Object> hearData(int count) {
        List<Object> data = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            data.add(receive().get("data"));
        }
        return data;
    }

    /** Nothing numbered is on its way. */
    void hearsNothing() {
        say("{\"type\":\"ping\"}");
        Map<String, Object> frame = next();
        while ("received".equals(frame.get("type"))) {
            frame = next();
        }
        assertThat(frame).containsEntry("type", "pong");
    }

    private Map<String, Object> next() {
        String frame = raw();
        assertThat(frame).startsWith("text ");
        return Json.object(frame.substring("text ".length()));
    }

    /** The next frame that is not numbered, besides {@code received}, which may come at any time. */
    String unnumbered() {
        String frame = raw();
        while (frame.contains("\"type\":\"received\"")) {
            frame = raw();
        }
        return frame;
    }

    /** The next frame of any kind but pings, which it answers. */
    String raw() {
        String frame = socket.read();
        while (frame.startsWith("ping")) {
            socket.answer(frame);
            frame = socket.read();
        }
        return frame;
    }

    /** The socket is gone without a Close frame. */
    Lasting drop() {
        socket.reset();
        return this;
    }

    @Override
    public void close() {
        socket.close();
    }
}
