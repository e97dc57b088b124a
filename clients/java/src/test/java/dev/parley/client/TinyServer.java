// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A WebSocket server that the test drives by hand: each method acts on the newest connection. The connections before it
 * stay open until the server is closed. For one thread only.
 */
final class TinyServer implements AutoCloseable {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final ServerSocket listening;

    /** All of them: the JDK closes a socket that nothing refers to when it collects garbage. */
    private final List<Socket> accepted = new ArrayList<>();

    private Socket socket = new Socket();

    TinyServer() throws IOException {
        listening = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(TIMEOUT_MILLIS);
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/v1");
    }

    /** Takes the next connection; returns the subprotocols offered. */
    String accept(String subprotocol) throws IOException {
        socket = nextConnection();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        String key = "";
        String offered = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            String name = line.toLowerCase(Locale.ROOT);
            if (name.startsWith("sec-websocket-key:")) {
                key = value;
            } else if (name.startsWith("sec-websocket-protocol:")) {
                offered = value;
            }
        }
        write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + acceptance(key) + "\r\n"
                        + "Sec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return offered;
    }

    /** Takes the next connection and refuses it. */
    void refuse(int status) throws IOException {
        socket = nextConnection();
        while (!line().isEmpty()) {}
        write(("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    void say(String text) throws IOException {
        frame(TEXT, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the header of a text frame of this many bytes; {@link #sayBytes} sends its payload. */
    void sayHeader(int length) throws IOException {
        write(new byte[] {
            (byte) TEXT,
            127,
            0,
            0,
            0,
            0,
            (byte) (length >> 24),
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length
        });
    }

    void sayBytes(byte[] bytes) throws IOException {
        write(bytes);
    }

    void sayClose(int code) throws IOException {
        frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** The next text of the client, with apostrophes for quotation marks; its Close as {@code Close 1000}. */
    String receive() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int opcode = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return opcode == CLOSE
                ? "Close " + (((payload[0] & 0xff) << 8) | (payload[1] & 0xff))
                : new String(payload, StandardCharsets.UTF_8).replace('"', '\'');
    }

    /** Ends the connection as the network would. */
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether the client ended the connection. */
    boolean isCut() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket each : accepted) {
            each.close();
        }
        listening.close();
    }

    private Socket nextConnection() throws IOException {
        Socket next = listening.accept();
        accepted.add(next);
        return next;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\n';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private void frame(int opcode, byte[] payload) throws IOException {
        byte[] head = payload.length < 126
                ? new byte[] {(byte) opcode, (byte) payload.length}
                : new byte[] {(byte) opcode, 126, (byte) (payload.length >> 8), (byte) payload.length};
        write(head);
        write(payload);
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static String acceptance(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
