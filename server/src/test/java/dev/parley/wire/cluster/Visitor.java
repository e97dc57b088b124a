// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of v1 with a connection from an address of its own. Its calls are for one thread. */
final class Visitor implements AutoCloseable {

    private static final Pattern PEER_ID = Pattern.compile("\"peerId\":\"([^\"]*)\"");

    private final RawClient socket;
    private final String id;

    private Visitor(RawClient socket, String id) {
        this.socket = socket;
        this.id = id;
    }

    /**
     * Connects, and reads the welcome.
     *
     * @param number makes the address it comes from
     */
    static Visitor connect(int port, int number) {
        RawClient socket = RawClient.from("127.1." + number / 250 + "." + (1 + number % 250), port)
                .upgrade("/v1?key=pk");
        String welcome = read(socket);
        Matcher matcher = PEER_ID.matcher(welcome);
        assertThat(matcher.find()).as(welcome).isTrue();
        return new Visitor(socket, matcher.group(1));
    }

    /** By which others address it. */
    String id() {
        return id;
    }

    void say(String message) {
        socket.text(message);
    }

    /** Asks to be let into a room; the answer has the request id {@code s}. */
    void subscribe(String room) {
        say("{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"" + room + "\"}");
    }

    /** Returns the next frame that is no ping, however long it takes. */
    String receive() {
        return read(socket);
    }

    /** Returns the next answer to a request, and skips everything before. */
    String answer() {
        String frame = receive();
        while (frame.startsWith("text") && !frame.contains("\"requestId\"")) {
            frame = receive();
        }
        return frame;
    }

    private static String read(RawClient socket) {
        String frame = socket.read();
        while (frame.startsWith("ping") || frame.equals("lost Read timed out")) {
            if (frame.startsWith("ping")) {
                socket.answer(frame);
            }
            frame = socket.read();
        }
        return frame;
    }

    @Override
    public void close() {
        socket.close();
    }
}
