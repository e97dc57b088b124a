// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Frames as the bytes a WebSocket client receives, header included, so that every receiver shares them. */
final class WebSocketFrames implements Frames {

    /** What a frame costs in a queue besides its bytes, about: buffer object, task, entry. Many tiny frames are large. */
    private static final int QUEUE_ENTRY_BYTES = 128;

    private final FrameEncoder encoder;

    WebSocketFrames(FrameEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public Frame text(Payload payload) {
        return new Encoded(encoder.frame(Opcode.TEXT, payload), Manner.USUAL);
    }

    @Override
    public Frame unhurried(Payload payload) {
        return new Encoded(encoder.frame(Opcode.TEXT, payload), Manner.UNHURRIED);
    }

    @Override
    public Frame binary(Payload payload) {
        return new Encoded(encoder.frame(Opcode.BINARY, payload), Manner.USUAL);
    }

    @Override
    public Frame begun(Payload beginning, int skip, Frame other) {
        Encoded encoded = (Encoded) other;
        Manner manner = encoded.manner == Manner.UNHURRIED ? Manner.UNHURRIED : Manner.USUAL;
        try {
            return new Encoded(encoder.frame(Opcode.TEXT, beginning, skip, encoded.bytes), manner);
        } finally {
            other.release();
        }
    }

    @Override
    public Frame constant(String text) {
        ByteBuf encoded = encoder.frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes;
        try {
            bytes = ByteBufUtil.getBytes(encoded);
        } finally {
            encoded.release();
        }
        return new Encoded(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)), Manner.CONSTANT);
    }

    /** The bytes of a frame, with indices that are the caller's alone; consumes one reference. */
    static ByteBuf take(Frame frame) {
        Encoded encoded = (Encoded) frame;
        boolean isLast = encoded.manner != Manner.CONSTANT && encoded.bytes.refCnt() == 1; // nobody else has it
        return isLast ? encoded.bytes : encoded.bytes.duplicate();
    }

    /** Whether it may wait for another one to go out with. */
    static boolean isUnhurried(Frame frame) {
        return ((Encoded) frame).manner == Manner.UNHURRIED;
    }

    private enum Manner {
        USUAL,
        UNHURRIED,
        CONSTANT
    }

    private record Encoded(ByteBuf bytes, Manner manner) implements Frame {

        @Override
        public int length() {
            return bytes.readableBytes() + QUEUE_ENTRY_BYTES;
        }

        @Override
        public Frame retain() {
            bytes.retain();
            return this;
        }

        @Override
        public void release() {
            bytes.release();
        }
    }
}
