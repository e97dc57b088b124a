// SPDX-License-Identifier: Apache-2.0
package dev.parley.rawclient;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client with the bytes in its hand, which can break every rule. Reads block, at most {@link #PATIENCE}. */
public final class RawClient implements AutoCloseable {

    /** Longer than anything a test waits for on a slow machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final Socket socket;
    private final DataInputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A bare TCP connection to this machine. */
    public static RawClient tcp(int port) {
        return tcp(port, 0);
    }

    /** A bare TCP connection to this machine with this receive buffer, 0 for the system's. */
    public static RawClient tcp(int port, int receiveBytes) {
        return tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), receiveBytes);
    }

    /** A bare TCP connection from this address of the machine to this machine. */
    public static RawClient tcp(int port, InetAddress from) {
        return tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0, new InetSocketAddress(from, 0));
    }

    /** A bare TCP connection with this receive buffer, 0 for the system's. */
    public static RawClient tcp(InetSocketAddress address, int receiveBytes) {
        return tcp(address, receiveBytes, null);
    }

    private static RawClient tcp(InetSocketAddress address, int receiveBytes, @Nullable InetSocketAddress from) {
        try {
            Socket socket = new Socket();
            if (from != null) { // a socket bound to no address in particular would need a port that none other uses
                socket.bind(from);
            }
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            return connected(socket, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bare TCP connection to this machine from one of its loopback addresses, such as 127.0.0.2. */
    public static RawClient from(String address, int port) {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(address, 0));
            return connected(socket, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient connected(Socket socket, InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(address);
        return new RawClient(socket);
    }

    /**
     * Speaks TLS on the connection from now on, believing any certificate.
     *
     * @param protocols which of TLS, such as {@code TLSv1.2}; none for all this JVM knows
     */
    public RawClient secure(String... protocols) {
        try {
            SSLSocket secured = (SSLSocket)
                    Credulous.context().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            if (protocols.length > 0) {
                secured.setEnabledProtocols(protocols);
            }
            secured.startHandshake();
            return new RawClient(secured);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What TLS was agreed on. */
    public SSLSession session() {
        return ((SSLSocket) socket).getSession();
    }

    /** The certificate the server showed. */
    public Certificate certificate() {
        try {
            return session().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Agrees on new keys within the connection, which TLS 1.3 has no word for. */
    public void renegotiate() {
        try {
            ((SSLSocket) socket).startHandshake();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A WebSocket on this path. */
    public static RawClient open(int port, String path) {
        return tcp(port).upgrade(path);
    }

    /** Turns the connection into a WebSocket. */
    public RawClient upgrade(String path) {
        return upgrade(path, "Host: localhost");
    }

    /** Turns the connection into a WebSocket, with these header lines in its request, of which one is the host. */
    public RawClient upgrade(String path, String... headers) {
        send(handshake(path, headers));
        String answer = readHead();
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("not upgraded: " + answer);
        }
        return this;
    }

    /** A correct handshake request with these header lines added. */
    public static String handshake(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: " + KEY + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    /** Sends these characters as they are. */
    public void send(String raw) {
        send(raw.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends these bytes as they are. */
    public void send(byte[] raw) {
        try {
            socket.getOutputStream().write(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends byte by byte with a pause between, until the connection ends or the bytes do. */
    public void drip(byte[] bytes, Duration pause) {
        Thread.ofVirtual().start(() -> {
            try {
                for (byte b : bytes) {
                    send(new byte[] {b});
                    Thread.sleep(pause); // the pace of the client, not a wait for anything
                }
            } catch (InterruptedException | UncheckedIOException e) {
                // the server had enough
            }
        });
    }

    /** Answers this ping, as {@link #read} tells it. */
    public void answer(String ping) {
        send(frame(0x8A, HexFormat.of().parseHex(ping.substring("ping".length()).strip())));
    }

    /** Sends a text message. */
    public void text(String text) {
        send(textFrame(text));
    }

    /** A text message as one frame. */
    public static byte[] textFrame(String text) {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a binary message. */
    public void binary(byte[] bytes) {
        send(frame(0x82, bytes));
    }

    /** A masked frame; {@code first} is its first byte as RFC 6455 section 5.2 draws it. */
    public static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xFFFF) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = new byte[4];
        ThreadLocalRandom.current().nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** A Close frame with this number and reason. */
    public static byte[] closeFrame(int number, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return frame(
                0x88,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) number)
                        .put(text)
                        .array());
    }

    /**
     * The next frame as one line: {@code text ...}, {@code binary <hex>}, {@code close <code> ...}; {@code end} if the
     * connection ended between two frames, {@code lost ...} if it ended in any other way.
     */
    public String read() {
        try {
            int first = in.read();
            if (first < 0) {
                return "end";
            }
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = Math.toIntExact(in.readLong());
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            return describe(first, payload);
        } catch (EOFException e) {
            return "lost in a frame";
        } catch (IOException e) {
            return "lost " + e.getMessage();
        }
    }

    private static String describe(int first, byte[] payload) {
        return switch (first) {
            case 0x81 -> "text " + new String(payload, StandardCharsets.UTF_8);
            case 0x82 -> "binary " + HexFormat.of().formatHex(payload);
            case 0x88 -> payload.length == 0 ? "close" : close(ByteBuffer.wrap(payload));
            case 0x89 -> ("ping " + HexFormat.of().formatHex(payload)).strip();
            case 0x8A -> "pong " + new String(payload, StandardCharsets.UTF_8);
            default -> "frame " + Integer.toHexString(first);
        };
    }

    private static String close(ByteBuffer payload) {
        int number = Short.toUnsignedInt(payload.getShort());
        return ("close " + number + " " + StandardCharsets.UTF_8.decode(payload)).strip();
    }

    /** Whether more has arrived than was read. */
    public boolean hasMore() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nothing arrives for this long. */
    public boolean isQuietFor(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            in.mark(1);
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            setPatience();
        }
    }

    private void setPatience() {
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of an HTTP answer. */
    public String readHead() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        try {
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    break;
                }
                head.write(b);
            }
        } catch (IOException e) {
            return "lost " + e.getMessage();
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** So many bytes of what follows, a body for example. */
    public byte[] readBytes(int count) {
        try {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything until the server ends the connection. */
    public String readAll() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "lost " + e.getMessage();
        }
    }

    /** The client's own port. */
    public int localPort() {
        return socket.getLocalPort();
    }

    /** Ends the client's side of the connection; what the server sends can still be read. */
    public void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a reset, as a lost network would. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
