// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * What sockets are read into. All sockets of a loop read into the same buffer, which so stays in the processor's cache, as
 * long as nobody keeps what was read; and they learn together how large it has to be: what one of them would remember for
 * itself is used only while it is read, and takes a hundred bytes each.
 */
final class Reads implements RecvByteBufAllocator {

    /** Reads from one socket before the others of its loop have their turn. */
    private static final int READS = 4;

    private static final int LEAST = 1 << 10;
    private static final int FIRST = 2 << 10;

    /** The largest that the pool of a thread keeps at hand. */
    private static final int MOST = 32 << 10;

    private final FastThreadLocal<Shared> ofLoop = new FastThreadLocal<>() {
        @Override
        protected Shared initialValue() {
            return new Shared((ExtendedHandle) new AdaptiveRecvByteBufAllocator(LEAST, FIRST, MOST)
                    .maxMessagesPerRead(READS)
                    .newHandle());
        }

        @Override
        protected void onRemoval(Shared ending) {
            ending.release();
        }
    };

    /** Asked for by a socket on its loop, the first time it is read. */
    @Override
    public ExtendedHandle newHandle() {
        return ofLoop.get();
    }

    /**
     * Ends the reading of one socket for this turn where Netty would read on: once a client has ended its side, Netty reads
     * all that is left at once, however much, and whether reading is paused or not. Handlers ignore it.
     */
    static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1;

        Enough() {
            super("the socket was read enough for this turn", null, false, false);
        }
    }

    /** The buffer of one loop. */
    private static final class Shared extends DelegatingHandle implements ExtendedHandle {

        private final ExtendedHandle sizes;
        private @Nullable ByteBuf last;

        /** That of the socket that is read now; null between the reads. */
        private @Nullable ChannelConfig reading;

        private int reads;

        Shared(ExtendedHandle sizes) {
            super(sizes);
            this.sizes = sizes;
        }

        @Override
        public void reset(ChannelConfig config) {
            super.reset(config);
            reading = config;
            reads = 0;
        }

        @Override
        public void readComplete() {
            super.readComplete();
            reading = null;
        }

        private boolean isEnough() {
            return reads == READS || (reads > 0 && reading != null && !reading.isAutoRead());
        }

        /** The last buffer again, if whoever it was handed to has let go of it. */
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (isEnough()) {
                throw new Enough();
            }
            reads++;
            if (last != null && last.refCnt() == 1 && last.capacity() >= guess()) {
                return last.clear().retain();
            }
            release();
            ByteBuf next = super.allocate(allocator);
            last = next.retain();
            return next;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return sizes.continueReading(maybeMore);
        }

        void release() {
            if (last != null) {
                last.release();
                last = null;
            }
        }
    }
}
