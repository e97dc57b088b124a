// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import dev.parley.core.port.Payload;
import java.nio.ByteBuffer;

/** A part of an array as a payload. */
@SuppressWarnings("ArrayRecordComponent") // borrowed, see Payload
public record Slice(byte[] bytes, int offset, int length) implements Payload {

    @Override
    public void copyTo(ByteBuffer target) {
        target.put(bytes, offset, length);
    }
}
