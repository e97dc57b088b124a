// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.microbench.Measured;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;

/** Validating 1 KB of text: ASCII, and words of several scripts with characters of one to four bytes. */
public class Utf8Benchmark extends Measured {

    private static final int BYTES = 1024;

    private final byte[] ascii = text("The quick brown fox jumps over it. ");
    private final byte[] mixed = text("hello, Grüße, привет, 你好 and 🙂. ");

    @Benchmark
    public int ascii() {
        return Utf8Validator.validate(ascii, 0, ascii.length, Utf8Validator.BOUNDARY);
    }

    @Benchmark
    public int mixed() {
        return Utf8Validator.validate(mixed, 0, mixed.length, Utf8Validator.BOUNDARY);
    }

    /** As often as it fits whole, then spaces. */
    private static byte[] text(String sentence) {
        byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[BYTES];
        Arrays.fill(text, (byte) ' ');
        for (int at = 0; at + bytes.length <= BYTES; at += bytes.length) {
            System.arraycopy(bytes, 0, text, at, bytes.length);
        }
        return text;
    }
}
