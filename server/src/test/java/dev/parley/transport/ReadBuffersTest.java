// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadBuffersTest {

    private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final ReadBuffers reads = new ReadBuffers(() -> posted::add);

    @AfterEach
    void endTheLoop() {
        FastThreadLocal.removeAll();
    }

    @Test
    void allSocketsOfALoopReadIntoOneBufferWhichIsEmptyEachTime() {
        ByteBuf first = handle().allocate(ALLOCATOR);
        long memory = first.memoryAddress();
        first.writeBytes(new byte[100]).skipBytes(60);
        first.release();

        ByteBuf second = handle().allocate(ALLOCATOR);

        assertThat(second.memoryAddress()).isEqualTo(memory);
        assertThat(second.readableBytes()).isZero();
        assertThat(second.writerIndex()).isZero();
        second.release();
    }

    @Test
    void whatSomebodyKeepsIsNotWrittenOver() {
        ExtendedHandle handle = handle();
        ByteBuf kept = handle.allocate(ALLOCATOR);
        kept.writeCharSequence("kept", StandardCharsets.US_ASCII);
        ByteBuf slice = kept.readRetainedSlice(2);
        kept.release();

        ByteBuf next = handle.allocate(ALLOCATOR);
        next.writeCharSequence("next", StandardCharsets.US_ASCII);

        assertThat(slice.toString(StandardCharsets.US_ASCII)).isEqualTo("ke");
        assertThat(next.memoryAddress()).isNotEqualTo(kept.memoryAddress());
        slice.release();
        next.release();
        assertThat(kept.refCnt()).isZero();
    }

    @Test
    void theBufferGrowsWithWhatIsReadAndIsGivenBackWithTheLoop() {
        ExtendedHandle handle = handle();
        ByteBuf small = handle.allocate(ALLOCATOR);
        int first = small.writableBytes();
        small.release();
        for (int read = 0; read < 3; read++) {
            fill(handle);
        }

        handle.reset(new EmbeddedChannel().config());
        ByteBuf larger = handle.allocate(ALLOCATOR);
        assertThat(larger.writableBytes()).isGreaterThan(first);
        assertThat(small.refCnt()).isZero();
        larger.release();
        FastThreadLocal.removeAll();
        assertThat(larger.refCnt()).isZero();
    }

    @Test
    void aTurnReadsNoMoreThanItMayAndEverySocketALittle() {
        ExtendedHandle handle = reads.newHandle();
        grow(handle);
        List<Integer> first = turn(handle, ReadBuffers.SOCKETS_A_TURN);

        assertThat(first.getFirst()).isEqualTo(128 << 10);
        assertThat(first.getLast()).isGreaterThanOrEqualTo(ReadBuffers.LEAST_SHARE);
        assertThat(sum(first)).isLessThanOrEqualTo(ReadBuffers.TURN_BYTES);
    }

    @Test
    void socketsOfATurnHaveEqualSharesOnceThereIsAnIdeaOfHowManyThereAre() {
        ExtendedHandle handle = reads.newHandle();
        grow(handle);
        for (int sockets : List.of(64, 20, 3)) {
            turn(handle, sockets);
            List<Integer> second = turn(handle, sockets);
            int share = Math.min(ReadBuffers.TURN_BYTES / sockets, 128 << 10);

            assertThat(sum(second)).isLessThanOrEqualTo(ReadBuffers.TURN_BYTES);
            assertThat(second)
                    .as("%d sockets", sockets)
                    .allMatch(bytes -> bytes > share * 3 / 4 && bytes <= Math.max(share, 16 << 10) + 1024);
        }
    }

    @Test
    void aSocketWhoseClientEndedItsSideIsNotReadToItsEndAtOnce() {
        ExtendedHandle handle = reads.newHandle();
        handle.reset(new EmbeddedChannel().config());
        for (int read = 0; read < 4; read++) {
            handle.allocate(ALLOCATOR).release();
        }

        assertThatThrownBy(() -> handle.allocate(ALLOCATOR)).isInstanceOf(ReadBuffers.Enough.class);
    }

    @Test
    void aSocketThatIsPausedWhileItIsReadIsNotReadOn() {
        ExtendedHandle handle = reads.newHandle();
        ChannelConfig config = new EmbeddedChannel().config();
        handle.reset(config);
        handle.allocate(ALLOCATOR).release();
        config.setAutoRead(false);

        assertThatThrownBy(() -> handle.allocate(ALLOCATOR)).isInstanceOf(ReadBuffers.Enough.class);
    }

    /** That of a socket that is about to be read. */
    private ExtendedHandle handle() {
        ExtendedHandle handle = reads.newHandle();
        handle.reset(new EmbeddedChannel().config());
        return handle;
    }

    /** Lets the buffer grow to its full size. */
    private void grow(ExtendedHandle handle) {
        for (int read = 0; read < 10; read++) {
            fill(handle);
            runPosted();
        }
    }

    /** One turn of sockets with more to read than they may; how much each of them was read. */
    private List<Integer> turn(ExtendedHandle handle, int sockets) {
        List<Integer> bytes = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            bytes.add(fill(handle));
        }
        runPosted();
        return bytes;
    }

    private void runPosted() {
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
            task.run();
        }
    }

    private static int sum(List<Integer> bytes) {
        return bytes.stream().mapToInt(it -> it).sum();
    }

    /** Reads one socket, which has any number of bytes, as Netty does it. */
    private static int fill(ExtendedHandle handle) {
        handle.reset(new EmbeddedChannel().config());
        int bytes = 0;
        do {
            int read = readOnce(handle);
            bytes += read;
        } while (handle.continueReading(() -> true));
        handle.readComplete();
        return bytes;
    }

    private static int readOnce(ExtendedHandle handle) {
        ByteBuf buffer = handle.allocate(ALLOCATOR);
        int size = buffer.writableBytes();
        handle.attemptedBytesRead(size);
        buffer.writeZero(size);
        handle.lastBytesRead(size);
        handle.incMessagesRead(1);
        buffer.release();
        return size;
    }
}
