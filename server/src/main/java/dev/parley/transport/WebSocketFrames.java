// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
        return new Encoded(encoder.frame(Opcode.TEXT, payload));
    }

    @Override
    public Frame signal(Payload payload, Peer sender, int signalBytes) {
        return new SignalFrame(encoder.frame(Opcode.TEXT, payload), sender, signalBytes);
    }

    @Override
    public Frame arrival(Payload payload, List<Peer> newcomers) {
        return new IntroductionFrame(encoder.frame(Opcode.TEXT, payload), newcomers, false);
    }

    @Override
    public Frame roster(Payload payload, List<Peer> others) {
        return new IntroductionFrame(encoder.frame(Opcode.TEXT, payload), others, true);
    }

    @Override
    public Frame binary(Payload payload) {
        return new Encoded(encoder.frame(Opcode.BINARY, payload));
    }

    @Override
    public Frame begun(Payload beginning, int skip, Frame other) {
        ByteBuf bytes = encoder.frame(Opcode.TEXT, beginning, skip, ((Encoded) other).bytes);
        other.release();
        return new Encoded(bytes);
    }

    @Override
    public Frame constant(String text) {
        ByteBuf encoded = encoder.frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = ByteBufUtil.getBytes(encoded);
        encoded.release();
        return new ConstantFrame(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)));
    }

    /** The bytes of a frame, with indices that are the caller's alone; consumes one reference. */
    static ByteBuf take(Frame frame) {
        Encoded encoded = (Encoded) frame;
        boolean isLast = !encoded.isConstant() && encoded.bytes.refCnt() == 1; // nobody else has it
        return isLast ? encoded.bytes : encoded.bytes.duplicate();
    }

    private static class Encoded implements Frame {

        private final ByteBuf bytes;

        private Encoded(ByteBuf bytes) {
            this.bytes = bytes;
        }

        /** Whether it is sent again and again. */
        boolean isConstant() {
            return false;
        }

        @Override
        public final int length() {
            return bytes.readableBytes() + QUEUE_ENTRY_BYTES;
        }

        @Override
        public final Frame retain() {
            bytes.retain();
            return this;
        }

        @Override
        public final void release() {
            bytes.release();
        }
    }

    private static final class ConstantFrame extends Encoded {

        private ConstantFrame(ByteBuf bytes) {
            super(bytes);
        }

        @Override
        boolean isConstant() {
            return true;
        }
    }

    private static final class SignalFrame extends Encoded {

        private final Peer sender;
        private final int signalBytes;

        private SignalFrame(ByteBuf bytes, Peer sender, int signalBytes) {
            super(bytes);
            this.sender = sender;
            this.signalBytes = signalBytes;
        }

        @Override
        public Peer sender() {
            return sender;
        }

        @Override
        public int signalBytes() {
            return signalBytes;
        }
    }

    private static final class IntroductionFrame extends Encoded {

        private final List<Peer> introduced;
        private final boolean isRoster;

        private IntroductionFrame(ByteBuf bytes, List<Peer> introduced, boolean isRoster) {
            super(bytes);
            this.introduced = introduced;
            this.isRoster = isRoster;
        }

        @Override
        public boolean isRoster() {
            return isRoster;
        }

        @Override
        public List<Peer> introduced() {
            return introduced;
        }
    }
}
