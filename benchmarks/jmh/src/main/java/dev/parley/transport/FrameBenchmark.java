// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.MessageLimits;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Payload;
import dev.parley.microbench.Measured;
import dev.parley.microbench.Messages;
import dev.parley.rawclient.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Frames of 1 KB of text, in and out. Decoding begins with a copy of the masked bytes into a buffer of the pool, as the
 * kernel makes one.
 */
public class FrameBenchmark extends Measured {

    private static final int FRAMES = 16;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final byte[] message = Messages.send("bob").getBytes(StandardCharsets.UTF_8);
    private final byte[] frame = RawClient.frame(0x81, message);
    private final ByteBuf one = Unpooled.directBuffer().writeBytes(frame);
    private final ByteBuf many = Unpooled.directBuffer();
    private final Payload payload = Payload.of(message);
    private final FrameEncoder encoder = new FrameEncoder(allocator);
    private final Ear ear = new Ear();
    private final FrameDecoder decoder = new FrameDecoder(
            MessageLimits.defaults(),
            allocator,
            new byte[MessageLimits.defaults().wholeBytes()],
            ear);

    public FrameBenchmark() {
        for (int i = 0; i < FRAMES; i++) {
            many.writeBytes(frame);
        }
    }

    @Benchmark
    public int decodeOneOfARead() {
        decoder.decode(read(one));
        return ear.bytes;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int decodeEachOf16OfARead() {
        decoder.decode(read(many));
        return ear.bytes;
    }

    /** What decoding is measured with, and not a part of it. */
    @Benchmark
    public void copyOneRead(Blackhole hole) {
        ByteBuf bytes = read(one);
        hole.consume(bytes);
        bytes.release();
    }

    @Benchmark
    public void encode(Blackhole hole) {
        ByteBuf bytes = encoder.frame(FrameOpcode.TEXT, payload);
        hole.consume(bytes);
        bytes.release();
    }

    private ByteBuf read(ByteBuf arriving) {
        int length = arriving.readableBytes();
        return allocator.directBuffer(length).writeBytes(arriving, 0, length);
    }

    /** Hears texts, and nothing else comes. */
    private static final class Ear implements FrameDecoder.Reader {

        int bytes;

        @Override
        public void text(Payload payload) {
            bytes += payload.length();
        }

        @Override
        public void binary(Payload payload) {
            throw new IllegalStateException("binary");
        }

        @Override
        public void ping(Payload payload) {
            throw new IllegalStateException("ping");
        }

        @Override
        public void pong(Payload payload) {
            throw new IllegalStateException("pong");
        }

        @Override
        public void close(int number) {
            throw new IllegalStateException("close " + number);
        }

        @Override
        public void broken(CloseCode code) {
            throw new IllegalStateException(code.reason());
        }
    }
}
