// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.Arrays;

/**
 * Opaque bytes received from a client, which core relays and never reads.
 *
 * <p>A payload is borrowed: the array is used again for the next message of the same loop, so it is valid until the
 * call that handed it over returns, and only on that thread. What must live longer is encoded into a {@link Frame}
 * within the call. Nobody but who made the payload writes into the array.
 *
 * @param bytes holds it, and other bytes around it
 * @param offset where it begins
 * @param length the number of bytes
 */
@SuppressWarnings("ArrayRecordComponent") // borrowed, never compared
public record Payload(byte[] bytes, int offset, int length) {

    /** Returns a payload of all these bytes. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes, 0, bytes.length);
    }

    /** Returns a copy of the bytes, which may be kept. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
