// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.microbench.Measured;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/** Validating 1 KB of text: ASCII, and words of several scripts with characters of one to four bytes. */
public class Utf8Benchmark extends Measured {

    private static final int BYTES = 1024;

    private final ByteBuf ascii = text("The quick brown fox jumps over it. ");
    private final ByteBuf mixed = text("hello, Grüße, привет, 你好 and 🙂. ");

    @Benchmark
    public int ascii() {
        return Utf8.validate(ascii, 0, ascii.readableBytes(), Utf8.BOUNDARY);
    }

    @Benchmark
    public int mixed() {
        return Utf8.validate(mixed, 0, mixed.readableBytes(), Utf8.BOUNDARY);
    }

    /** As often as it fits whole, then spaces. */
    private static ByteBuf text(String sentence) {
        byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
        ByteBuf text = Unpooled.directBuffer(BYTES);
        while (text.readableBytes() + bytes.length <= BYTES) {
            text.writeBytes(bytes);
        }
        while (text.readableBytes() < BYTES) {
            text.writeByte(' ');
        }
        return text;
    }
}
