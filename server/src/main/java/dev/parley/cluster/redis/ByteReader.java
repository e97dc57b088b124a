// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ByteWriter} has put together. It fails with an {@link IllegalArgumentException} if that is not what
 * the bytes are.
 */
final class ByteReader {

    private final byte[] bytes;
    private int at;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isAtEnd() {
        return at == bytes.length;
    }

    int raw() {
        return bytes[advance(1)] & 0xFF;
    }

    /** Reads a number of two bytes. */
    int small() {
        return raw() << Byte.SIZE | raw();
    }

    long number() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | raw();
        }
        return value;
    }

    int size() {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << Byte.SIZE | raw();
        }
        return value;
    }

    String text() {
        return requireNonNull(textOrNull(), "a text is missing");
    }

    @Nullable
    String textOrNull() {
        int length = size();
        return length == -1 ? null : text(length);
    }

    /** Reads a text of this many bytes. */
    String text(int length) {
        int from = advance(length);
        return NameBytes.read(bytes, from, at);
    }

    /** A text up to the next blank, which is skipped. */
    String word() {
        int end = at;
        while (end < bytes.length && bytes[end] != ' ') {
            end++;
        }
        String word = text(end - at);
        if (at < bytes.length) {
            at++;
        }
        return word;
    }

    /** Reads the rest as a text. */
    String rest() {
        return text(bytes.length - at);
    }

    Payload payload() {
        int from = advance(bytes.length - at);
        return new Payload(bytes, from, bytes.length - from);
    }

    private int advance(int count) {
        if (count < 0 || count > bytes.length - at) {
            throw new IllegalArgumentException("too short");
        }
        int from = at;
        at += count;
        return from;
    }
}
