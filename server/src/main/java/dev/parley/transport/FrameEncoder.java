// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Messages to bytes (RFC 6455 section 5). Servers send unmasked and, here, unfragmented. Safe from any thread. */
final class FrameEncoder {

    private static final int FIN = 0x80;
    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;
    private static final int MAX_HEADER_BYTES = 10;

    private final ByteBufAllocator allocator;

    FrameEncoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** A frame with this payload; exactly {@code payload.length()} bytes of the result are the payload. */
    ByteBuf frame(int opcode, Payload payload) {
        return header(opcode, payload.length()).writeBytes(payload.bytes(), payload.offset(), payload.length());
    }

    /** Returns a frame with these bytes. */
    ByteBuf frame(int opcode, byte[] payload) {
        return header(opcode, payload.length).writeBytes(payload);
    }

    /**
     * A frame with these bytes, then the payload of the other one, which the server made, without its first {@code
     * skip}.
     */
    ByteBuf frame(int opcode, Payload beginning, int skip, ByteBuf other) {
        int start = other.readerIndex() + headerBytes(other) + skip;
        int rest = other.writerIndex() - start;
        return header(opcode, beginning.length() + rest)
                .writeBytes(beginning.bytes(), beginning.offset(), beginning.length())
                .writeBytes(other, start, rest);
    }

    /**
     * The beginning of a frame with these bytes and the payload of the other one, which the server made, without its
     * first {@code skip}: everything but that payload.
     */
    ByteBuf beginning(int opcode, Payload beginning, int skip, ByteBuf other) {
        int rest = other.readableBytes() - headerBytes(other) - skip;
        return header(opcode, beginning.length(), beginning.length() + rest)
                .writeBytes(beginning.bytes(), beginning.offset(), beginning.length());
    }

    /** The length of the header of a frame the server made. */
    static int headerBytes(ByteBuf frame) {
        return switch (frame.getByte(frame.readerIndex() + 1)) {
            case LENGTH_IN_2_BYTES -> 2 + Short.BYTES;
            case LENGTH_IN_8_BYTES -> 2 + Long.BYTES;
            default -> 2;
        };
    }

    /** A Close frame with a number and a reason. */
    ByteBuf close(CloseCode code) {
        byte[] reason = code.reason().getBytes(StandardCharsets.UTF_8);
        return header(FrameOpcode.CLOSE, Short.BYTES + reason.length)
                .writeShort(code.number())
                .writeBytes(reason);
    }

    /** A Close frame that answers the client's, with the number it gave if it gave one. */
    ByteBuf closeAnswer(int number) {
        return CloseCode.isSendable(number)
                ? header(FrameOpcode.CLOSE, Short.BYTES).writeShort(number)
                : header(FrameOpcode.CLOSE, 0);
    }

    /** Returns a ping that holds its number. */
    ByteBuf ping(int number) {
        return header(FrameOpcode.PING, Integer.BYTES).writeInt(number);
    }

    private ByteBuf header(int opcode, int length) {
        return header(opcode, length, length);
    }

    /** @param room for how much of the payload there is to be room */
    private ByteBuf header(int opcode, int room, int length) {
        ByteBuf frame = allocator.directBuffer(MAX_HEADER_BYTES + room).writeByte(FIN | opcode);
        if (length < LENGTH_IN_2_BYTES) {
            return frame.writeByte(length);
        }
        if (length <= 0xFFFF) {
            return frame.writeByte(LENGTH_IN_2_BYTES).writeShort(length);
        }
        return frame.writeByte(LENGTH_IN_8_BYTES).writeLong(length);
    }
}
