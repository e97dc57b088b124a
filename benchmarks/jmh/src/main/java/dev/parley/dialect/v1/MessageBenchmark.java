// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.Frame;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.Payload;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.microbench.Measured;
import dev.parley.microbench.Messages;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * JSON of 1 KB to a message, and an event with 1 KB of data to JSON; frames are written to one buffer again and again.
 */
public class MessageBenchmark extends Measured {

    private final MessageDecoder decoder = new MessageDecoder(false);
    private final V1Messages messages = new V1Messages(new OneBuffer());
    private final Payload send = bytes(Messages.send("bob"));
    private final Payload publish = bytes(Messages.publish("room-1"));
    private final PeerIdentity alice = new PeerIdentity("alice", null);
    private final Signal signal =
            new Signal(Signal.Kind.JSON, bytes("\"" + "x".repeat(Messages.BYTES - "\"\"".length()) + "\""));

    @Benchmark
    public Object decodeSend() {
        return decoder.decode(send);
    }

    @Benchmark
    public Object decodePublish() {
        return decoder.decode(publish);
    }

    @Benchmark
    public Frame encodeSent() {
        return requireNonNull(messages.encode(new SessionEvent.Sent(alice, signal)));
    }

    @Benchmark
    public Frame encodePublished() {
        return requireNonNull(messages.encode(new SessionEvent.Published("room-1", alice, false, signal)));
    }

    private static Payload bytes(String text) {
        return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Every frame is the same one. */
    private static final class OneBuffer implements FrameFactory, Frame {

        private final ByteBuffer buffer = ByteBuffer.allocateDirect(4 * Messages.BYTES);

        @Override
        public Frame text(Payload payload) {
            buffer.clear().put(payload.bytes(), payload.offset(), payload.length());
            return this;
        }

        @Override
        public Frame binary(Payload payload) {
            return text(payload);
        }

        @Override
        public Frame begun(Payload beginning, int skip, Frame other) {
            return text(beginning);
        }

        @Override
        public Frame constant(String text) {
            return this;
        }

        @Override
        public int length() {
            return buffer.limit();
        }

        @Override
        public Frame retain() {
            return this;
        }

        @Override
        public void release() {}

        @Override
        public int hold() {
            return 0;
        }

        @Override
        public int unhold() {
            return 0;
        }
    }
}
