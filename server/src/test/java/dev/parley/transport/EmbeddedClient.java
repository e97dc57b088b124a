// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.rawclient.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of a socket that is played on the thread of the test. */
final class EmbeddedClient {

    private static final String UPGRADE =
            " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

    private final FailingAllocator allocator;
    private final EmbeddedChannel channel;
    private final List<String> texts = new ArrayList<>();
    private boolean isUpgraded;
    private boolean isClosed;
    private int pongs;

    EmbeddedClient(FailingAllocator allocator, EmbeddedChannel channel) {
        this.allocator = allocator;
        this.channel = channel;
    }

    void upgrade(String path, String protocols) {
        String offer = protocols.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocols + "\r\n";
        arrive(("GET " + path + UPGRADE + offer + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    void text(String text) {
        frame(0x81, text);
    }

    void frame(int first, String text) {
        arrive(RawClient.frame(first, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** These bytes, as one read. */
    void arrive(byte[] bytes) {
        if (channel.isActive()) {
            guarded(() -> channel.writeInbound(allocator.read(bytes)));
        }
    }

    /** Runs posted and due tasks, and reads all output. Returns whether there was anything. */
    boolean turn() {
        guarded(channel::runPendingTasks);
        guarded(channel::runScheduledPendingTasks);
        boolean hasRead = false;
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            read(bytes);
            bytes.release();
            hasRead = true;
        }
        return hasRead;
    }

    private void read(ByteBuf bytes) {
        if (!isUpgraded) {
            isUpgraded = bytes.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101 ");
            isClosed |= !isUpgraded;
            return;
        }
        while (bytes.readableBytes() >= 2) {
            int opcode = bytes.readByte() & 0x0F;
            int length = bytes.readByte();
            if (length == 126) {
                length = bytes.readUnsignedShort();
            } else if (length == 127) {
                length = (int) bytes.readLong();
            }
            String payload =
                    bytes.readCharSequence(length, StandardCharsets.UTF_8).toString();
            switch (opcode) {
                case 0x1 -> texts.add(payload);
                case 0x8 -> isClosed = true;
                case 0xA -> pongs++;
                default -> {} // pings of the server
            }
        }
    }

    List<String> texts() {
        return texts;
    }

    int pongs() {
        return pongs;
    }

    /** Whether it got its handshake, no Close frame, and has its socket. */
    boolean isOpen() {
        return isUpgraded && !isClosed && channel.isActive();
    }

    /** Whether the socket is there, but nothing said that the WebSocket is. */
    boolean isUnanswered() {
        return !isUpgraded && !isClosed && channel.isActive();
    }

    void drop() {
        guarded(channel::close);
    }

    void release() {
        guarded(channel::finishAndReleaseAll);
    }

    /** A channel of this kind throws what no handler caught; a real one logs it. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (OutOfMemoryError | RuntimeException e) {
            if (!causedByInjection(e)) {
                throw e;
            }
        }
    }

    private static boolean causedByInjection(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }
}
