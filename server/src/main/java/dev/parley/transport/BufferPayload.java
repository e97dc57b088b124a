// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** A part of a buffer the socket was read into, without its own count: it is gone when the read was handled. */
record BufferPayload(ByteBuf buffer, int index, int length) implements Payload {

    @Override
    public void copyTo(ByteBuffer target) {
        if (target.remaining() == length) {
            buffer.getBytes(index, target);
        } else {
            buffer.getBytes(index, target.slice(target.position(), length));
            target.position(target.position() + length);
        }
    }
}
