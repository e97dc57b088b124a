// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * How large the buffers are that sockets are read into. All sockets of a loop learn it together: what one of them would
 * remember for itself is used only while it is read, and takes a hundred bytes each.
 */
final class ReadSizes implements RecvByteBufAllocator {

    /** Reads from one socket before the others of its loop have their turn. */
    private static final int READS = 4;

    private static final int LEAST = 1 << 10;
    private static final int FIRST = 2 << 10;

    /** The largest that the pool of a thread keeps at hand. */
    private static final int MOST = 32 << 10;

    private final FastThreadLocal<ExtendedHandle> ofLoop = new FastThreadLocal<>() {
        @Override
        protected ExtendedHandle initialValue() {
            return (ExtendedHandle) new AdaptiveRecvByteBufAllocator(LEAST, FIRST, MOST)
                    .maxMessagesPerRead(READS)
                    .newHandle();
        }
    };

    /** Asked for by a socket on its loop, the first time it is read. */
    @Override
    public ExtendedHandle newHandle() {
        return ofLoop.get();
    }
}
