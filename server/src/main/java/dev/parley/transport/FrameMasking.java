// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Takes the mask of clients off (RFC 6455 section 5.3), eight bytes at a time. */
final class FrameMasking {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private FrameMasking() {}

    /** Unmasks the first bytes where they are, and returns whether all of them are ASCII. */
    static boolean unmask(byte[] bytes, int length, int mask) {
        long wideMask = ((long) mask << 32) | (mask & 0xFFFF_FFFFL);
        long all = 0;
        int index = 0;
        for (; length - index >= Long.BYTES; index += Long.BYTES) {
            long eight = (long) LONG.get(bytes, index) ^ wideMask;
            LONG.set(bytes, index, eight);
            all |= eight;
        }
        for (int shift = 24; index < length; index++, shift = shift == 0 ? 24 : shift - 8) {
            bytes[index] ^= (byte) (mask >> shift);
            all |= bytes[index];
        }
        return (all & HIGH_BITS) == 0;
    }
}
