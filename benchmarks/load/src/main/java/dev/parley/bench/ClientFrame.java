// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Frames as clients send them (RFC 6455 section 5): masked, always with the same key. */
final class ClientFrame {

    static final int TEXT = 0x1;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;
    private static final int MAX_HEADER_BYTES = 14;
    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private ClientFrame() {}

    static ByteBuf of(int opcode, byte[] payload) {
        int length = payload.length;
        ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(MAX_HEADER_BYTES + length);
        frame.writeByte(FIN | opcode);
        if (length < LENGTH_IN_2_BYTES) {
            frame.writeByte(MASKED | length);
        } else if (length <= 0xFFFF) {
            frame.writeByte(MASKED | LENGTH_IN_2_BYTES).writeShort(length);
        } else {
            frame.writeByte(MASKED | LENGTH_IN_8_BYTES).writeLong(length);
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < length; i++) {
            frame.writeByte(payload[i] ^ MASK[i & 3]);
        }
        return frame;
    }

    /** Returns code and reason of a Close frame, for messages. */
    static String closing(ByteBuf bytes, int index, int length) {
        return length < 2
                ? "no code"
                : bytes.getUnsignedShort(index) + " " + bytes.toString(index + 2, length - 2, StandardCharsets.UTF_8);
    }

    /** Puts another byte into the payload of a frame made by {@link #of}. */
    static void set(ByteBuf frame, int position, byte value) {
        int shortLength = frame.getByte(frame.readerIndex() + 1) & 0x7F;
        int more = shortLength < LENGTH_IN_2_BYTES ? 0 : shortLength == LENGTH_IN_2_BYTES ? Short.BYTES : Long.BYTES;
        int payload = frame.readerIndex() + 2 + more + MASK.length;
        frame.setByte(payload + position, value ^ MASK[position & 3]);
    }
}
