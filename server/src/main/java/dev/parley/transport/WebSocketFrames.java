// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Frame;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** Frames as the bytes a WebSocket client receives, header included, so that every receiver shares them. */
final class WebSocketFrames implements FrameFactory {

    /**
     * What a frame costs in a queue besides its bytes, about: buffer object, task, entry. Many tiny frames are large.
     */
    static final int QUEUE_ENTRY_BYTES = 128;

    /** Up to this size a frame that gets a beginning is copied. */
    private static final int COPIED_BYTES = 2 << 10;

    private final FrameEncoder encoder;

    WebSocketFrames(FrameEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public Frame text(Payload payload) {
        return new Encoded(encoder.frame(FrameOpcode.TEXT, payload), Encoded.USUAL);
    }

    @Override
    public Frame binary(Payload payload) {
        return new Encoded(encoder.frame(FrameOpcode.BINARY, payload), Encoded.USUAL);
    }

    /** A small one is copied, as that costs less than two buffers do. */
    @Override
    public Frame begun(Payload beginning, int skip, Frame other) {
        Encoded rest = (Encoded) other;
        try {
            return rest.bytes.readableBytes() > COPIED_BYTES
                    ? shared(beginning, skip, rest)
                    : copied(beginning, skip, rest);
        } finally {
            other.release();
        }
    }

    private Frame shared(Payload beginning, int skip, Encoded rest) {
        ByteBuf head = encoder.beginning(FrameOpcode.TEXT, beginning, skip, rest.bytes);
        rest.retain();
        return new Begun(head, skip, rest);
    }

    private Frame copied(Payload beginning, int skip, Encoded rest) {
        return new Encoded(encoder.frame(FrameOpcode.TEXT, beginning, skip, rest.bytes), Encoded.USUAL);
    }

    @Override
    public Frame constant(String text) {
        ByteBuf encoded = encoder.frame(FrameOpcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes;
        try {
            bytes = ByteBufUtil.getBytes(encoded);
        } finally {
            encoded.release();
        }
        return new Encoded(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)), Encoded.CONSTANT);
    }

    /** Writes the frame to the channel, without flushing it; consumes one reference. */
    static void write(Frame frame, Channel channel) {
        if (frame instanceof Begun begun) {
            ByteBuf rest = begun.takeRest(); // first: should it fail, nothing is written
            channel.write(begun.takeHead(), channel.voidPromise());
            channel.write(rest, channel.voidPromise());
        } else {
            channel.write(((Encoded) frame).take(), channel.voidPromise());
        }
    }

    /** A frame in one buffer, which all receivers share. */
    private static final class Encoded implements Frame {

        static final int USUAL = 0;
        static final int CONSTANT = 1 << 29;

        private static final int PLACES = CONSTANT - 1;
        private static final AtomicIntegerFieldUpdater<Encoded> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Encoded.class, "state");

        private final ByteBuf bytes;

        /** Whether it is constant, and in how many places it waits: one field, as each message has one of these. */
        private volatile int state;

        /** @param state {@link #USUAL} or {@link #CONSTANT} */
        Encoded(ByteBuf bytes, int state) {
            this.bytes = bytes;
            this.state = state;
        }

        /** The bytes, with indices that are the caller's alone; consumes one reference. */
        ByteBuf take() {
            boolean isLast = (state & CONSTANT) == 0 && bytes.refCnt() == 1; // nobody else has it
            return isLast ? bytes : bytes.duplicate();
        }

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

        @Override
        public int hold() {
            return (STATE.getAndIncrement(this) & PLACES) == 0 ? memory() : 0;
        }

        @Override
        public int unhold() {
            return (STATE.decrementAndGet(this) & PLACES) == 0 ? memory() : 0;
        }

        private int memory() {
            return (state & CONSTANT) != 0 ? 0 : bytes.readableBytes();
        }
    }

    /** A frame with a beginning of its own, and a rest it shares with the frames of other receivers. */
    private static final class Begun implements Frame {

        private final ByteBuf head;
        private final int skip;
        private final Encoded rest;

        /** @param rest with one reference, which belongs to this frame */
        Begun(ByteBuf head, int skip, Encoded rest) {
            this.head = head;
            this.skip = skip;
            this.rest = rest;
        }

        /** Returns the head, and releases its part of one reference. */
        ByteBuf takeHead() {
            return head.refCnt() == 1 ? head : head.duplicate();
        }

        /** Returns the rest, and releases its part of one reference. */
        ByteBuf takeRest() {
            ByteBuf bytes = rest.bytes.duplicate();
            return bytes.skipBytes(FrameEncoder.headerBytes(bytes) + skip);
        }

        @Override
        public int length() {
            return head.readableBytes() + rest.bytes.readableBytes() + QUEUE_ENTRY_BYTES;
        }

        @Override
        public Frame retain() {
            head.retain();
            rest.retain();
            return this;
        }

        @Override
        public void release() {
            head.release();
            rest.release();
        }

        @Override
        public int hold() {
            return head.readableBytes() + rest.hold();
        }

        @Override
        public int unhold() {
            return head.readableBytes() + rest.unhold();
        }
    }
}
