// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.core.port.Payload;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts bytes together, which {@link ByteReader} reads in the same order. */
final class ByteWriter {

    private byte[] bytes;
    private int length;

    /** @param expected how many there will be, about */
    ByteWriter(int expected) {
        bytes = new byte[Math.max(expected, 16)];
    }

    void raw(byte value) {
        reserve(1);
        bytes[length++] = value;
    }

    void raw(byte[] values) {
        raw(values, 0, values.length);
    }

    private void raw(byte[] values, int offset, int count) {
        reserve(count);
        System.arraycopy(values, offset, bytes, length, count);
        length += count;
    }

    void number(long value) {
        reserve(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >> shift);
        }
    }

    private void size(int value) {
        reserve(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >> shift);
        }
    }

    void text(@Nullable String text) {
        if (text == null) {
            size(-1);
        } else {
            byte[] name = NameBytes.of(text);
            size(name.length);
            raw(name);
        }
    }

    /** Writes a payload, which must be the last part. */
    void payload(Payload payload) {
        raw(payload.bytes(), payload.offset(), payload.length());
    }

    byte[] end() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
