// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Passes TCP connections on to a port and keeps a copy of all they carry. */
final class Tap implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

    /** What one connection carried, there and back. */
    static final class Line {

        private final ByteArrayOutputStream there = new ByteArrayOutputStream();
        private final ByteArrayOutputStream back = new ByteArrayOutputStream();

        String there() {
            return there.toString(StandardCharsets.ISO_8859_1);
        }

        String back() {
            return back.toString(StandardCharsets.ISO_8859_1);
        }
    }

    Tap(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                Line line = new Line();
                lines.add(line);
                Thread.ofVirtual().start(() -> pass(near, far, line.there));
                Thread.ofVirtual().start(() -> pass(far, near, line.back));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void pass(Socket from, Socket to, ByteArrayOutputStream copy) {
        byte[] buffer = new byte[16 << 10];
        try (from) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                copy.write(buffer, 0, length);
                out.write(buffer, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
