// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validates UTF-8 as RFC 3629 defines it (no overlong forms, no surrogates, nothing above U+10FFFF), piece by piece.
 *
 * <p>The state between two pieces is an int: 0 at a character boundary, -1 when invalid, else how many bytes
 * are still due and which range the next of them must lie in.
 */
final class Utf8Validator {

    /** At a character boundary: the first state, and the state at the end of a valid text. */
    static final int BOUNDARY = 0;

    /** No continuation can make it valid. */
    static final int INVALID = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8Validator() {}

    /** The state after the bytes from {@code from} to {@code to}, beginning in the given state. */
    static int validate(byte[] bytes, int from, int to, int state) {
        int index = from;
        while (index < to) {
            if (state == BOUNDARY) {
                index = skipAscii(bytes, index, to);
                if (index == to) {
                    return BOUNDARY;
                }
                state = lead(bytes[index++] & 0xFF);
            } else {
                state = continuation(state, bytes[index++] & 0xFF);
            }
            if (state == INVALID) {
                return INVALID;
            }
        }
        return state;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int index = from;
        while (to - index >= Long.BYTES && ((long) LONG.get(bytes, index) & HIGH_BITS) == 0) {
            index += Long.BYTES;
        }
        while (index < to && bytes[index] >= 0) {
            index++;
        }
        return index;
    }

    /** RFC 3629 section 4: which bytes may follow depends on the first one alone. */
    private static int lead(int b) {
        if (b >= 0xC2 && b <= 0xDF) {
            return due(1, 0x80, 0xBF);
        }
        if (b >= 0xE0 && b <= 0xEF) {
            return due(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        }
        if (b >= 0xF0 && b <= 0xF4) {
            return due(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        }
        return INVALID;
    }

    private static int continuation(int state, int b) {
        int left = state >> 16;
        if (b < ((state >> 8) & 0xFF) || b > (state & 0xFF)) {
            return INVALID;
        }
        return left == 1 ? BOUNDARY : due(left - 1, 0x80, 0xBF);
    }

    private static int due(int bytes, int lowest, int highest) {
        return (bytes << 16) | (lowest << 8) | highest;
    }
}
