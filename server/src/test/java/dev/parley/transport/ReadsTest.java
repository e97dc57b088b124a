// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadsTest {

    private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final Reads reads = new Reads();

    @AfterEach
    void endTheLoop() {
        FastThreadLocal.removeAll();
    }

    @Test
    void allSocketsOfALoopReadIntoOneBufferWhichIsEmptyEachTime() {
        ByteBuf first = reads.newHandle().allocate(ALLOCATOR);
        long memory = first.memoryAddress();
        first.writeBytes(new byte[100]).skipBytes(60);
        first.release();

        ByteBuf second = reads.newHandle().allocate(ALLOCATOR);

        assertThat(second.memoryAddress()).isEqualTo(memory);
        assertThat(second.readableBytes()).isZero();
        assertThat(second.writerIndex()).isZero();
        second.release();
    }

    @Test
    void whatSomebodyKeepsIsNotWrittenOver() {
        ExtendedHandle handle = reads.newHandle();
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
        ExtendedHandle handle = reads.newHandle();
        ByteBuf small = handle.allocate(ALLOCATOR);
        int first = small.writableBytes();
        small.release();
        for (int read = 0; read < 3; read++) {
            fill(handle);
        }

        ByteBuf larger = handle.allocate(ALLOCATOR);
        assertThat(larger.writableBytes()).isGreaterThan(first);
        assertThat(small.refCnt()).isZero();
        larger.release();
        FastThreadLocal.removeAll();
        assertThat(larger.refCnt()).isZero();
    }

    /** One read that fills the buffer, as a socket does it. */
    private static void fill(ExtendedHandle handle) {
        handle.reset(new EmbeddedChannel().config());
        ByteBuf buffer = handle.allocate(ALLOCATOR);
        int size = buffer.writableBytes();
        handle.attemptedBytesRead(size);
        buffer.writeZero(size);
        handle.lastBytesRead(size);
        handle.incMessagesRead(1);
        buffer.release();
        handle.readComplete();
    }
}
