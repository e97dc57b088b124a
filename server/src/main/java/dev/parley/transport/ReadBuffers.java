// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Allocates what sockets are read into, and limits how much is read. All sockets of a loop read into the same buffer,
 * which so stays in the processor's cache, as long as nobody keeps what was read; and they learn together how large it
 * has to be: what one of them would remember for itself is used only while it is read, and takes a hundred bytes each.
 *
 * <p>A loop reads at most {@link #TURN_BYTES} a turn, then its posted tasks run. The sockets of a turn have equal
 * shares of that, as far as the last turn tells how many there are.
 */
final class ReadBuffers implements RecvByteBufAllocator {

    /** What a loop reads before what was posted to it runs. */
    static final int TURN_BYTES = 1 << 20;

    /**
     * Sockets that are read before what they sent is passed on and flushed. Few enough that all of it stays in the
     * processor's cache until then, many enough that waiting for them costs next to nothing.
     */
    static final int SOCKETS_A_TURN = 64;

    /** What a socket is read in a turn, however many others there are. */
    static final int LEAST_SHARE = 4 << 10;

    /** Reads from one socket before the others of its loop have their turn. */
    private static final int READS = 4;

    private static final int LEAST = 1 << 10;
    private static final int FIRST = 2 << 10;

    /** The largest that the pool of a thread keeps at hand. */
    private static final int MOST = 32 << 10;

    private final FastThreadLocal<LoopReads> ofLoop;

    /** @param loop gives the loop of the calling thread, which runs tasks when its sockets have been read */
    ReadBuffers(Supplier<? extends Executor> loop) {
        this.ofLoop = new FastThreadLocal<>() {
            @Override
            protected LoopReads initialValue() {
                ExtendedHandle sizes = (ExtendedHandle) new AdaptiveRecvByteBufAllocator(LEAST, FIRST, MOST)
                        .maxMessagesPerRead(READS)
                        .newHandle();
                return new LoopReads(sizes, loop.get());
            }

            @Override
            protected void onRemoval(LoopReads ending) {
                ending.release();
            }
        };
    }

    /** Returns the handle of a socket. Called on its loop, when it is first read. */
    @Override
    public ExtendedHandle newHandle() {
        return ofLoop.get();
    }

    /**
     * Has a socket whose reading is paused read once more in the next turn, because its client has ended its side and
     * its end is near. Netty would get no more events otherwise: a socket without any event it waits for is
     * taken out of epoll, and does not get back in.
     */
    static void goOn(ChannelHandlerContext ctx) {
        if (!ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    /**
     * Ends the reading of one socket for this turn where Netty would read on: once a client has ended its side, Netty
     * reads all that is left at once, however much, and whether reading is paused or not. Handlers answer by {@link
     * #goOn}.
     */
    static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1;

        Enough() {
            super("the socket was read enough for this turn", null, false, false);
        }
    }

    /** The buffer of one loop, and what its sockets were read in this turn. */
    private static final class LoopReads extends DelegatingHandle implements ExtendedHandle {

        private final ExtendedHandle sizes;
        private final Executor loop;
        private final Runnable endTurn = this::endTurn;
        private @Nullable ByteBuf last;

        /** The configuration of the socket that is being read; null between reads. */
        private @Nullable ChannelConfig reading;

        private int reads;

        /** What the socket that is read now may still be read in this turn. */
        private int share;

        private int turnBytes;
        private int turnSockets;

        /** How many sockets were read in the last turn; as many are expected in this one. */
        private int lastTurnSockets;

        LoopReads(ExtendedHandle sizes, Executor loop) {
            super(sizes);
            this.sizes = sizes;
            this.loop = loop;
        }

        @Override
        public void reset(ChannelConfig config) {
            super.reset(config);
            reading = config;
            reads = 0;
            if (turnSockets == 0) {
                loop.execute(endTurn);
            }
            share = nextShare();
            turnSockets++;
        }

        /** An equal part of what is left, less the least shares of sockets that are not expected. */
        private int nextShare() {
            int expected = Math.max(lastTurnSockets - turnSockets, 1);
            int unexpected = Math.max(SOCKETS_A_TURN - turnSockets - expected, 0);
            int left = TURN_BYTES - turnBytes - unexpected * LEAST_SHARE;
            return Math.clamp(left / expected, LEAST_SHARE, READS * MOST);
        }

        private void endTurn() {
            lastTurnSockets = Math.min(turnSockets, SOCKETS_A_TURN);
            turnSockets = 0;
            turnBytes = 0;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes > 0) {
                share -= bytes;
                turnBytes += bytes;
            }
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return share >= LEAST && sizes.continueReading(maybeMore);
        }

        @Override
        public void readComplete() {
            super.readComplete();
            reading = null;
        }

        private boolean isEnough() {
            boolean isPaused = reading != null && !reading.isAutoRead();
            return reads > 0 && (isPaused || reads == READS || share < LEAST);
        }

        /** The last buffer again, unless somebody keeps it, and of it no more than may be read. */
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (isEnough()) {
                throw new Enough();
            }
            reads++;
            ByteBuf whole = buffer(allocator);
            return whole.capacity() <= share
                    ? whole.retain()
                    : whole.retainedSlice(0, share).clear();
        }

        private ByteBuf buffer(ByteBufAllocator allocator) {
            if (last != null && last.refCnt() == 1 && last.capacity() >= guess()) {
                return last.clear();
            }
            release();
            last = super.allocate(allocator);
            return last;
        }

        void release() {
            if (last != null) {
                last.release();
                last = null;
            }
        }
    }
}
