// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** An allocator that counts, and has no memory for some buffers in a row. */
final class FailingAllocator extends AbstractByteBufAllocator {

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final long first;
    private final int inARow;
    private long count;
    private boolean isPaused;

    FailingAllocator(long first, int inARow) {
        super(true);
        this.first = first;
        this.inARow = inARow;
    }

    /** A buffer with these bytes, which is not counted: what a socket read. */
    ByteBuf read(byte[] bytes) {
        isPaused = true;
        ByteBuf buffer = directBuffer(bytes.length).writeBytes(bytes);
        isPaused = false;
        return buffer;
    }

    boolean isReached() {
        return count >= first;
    }

    /** Bytes of buffers that nobody released. */
    long used() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        allocate();
        return memory.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        allocate();
        return memory.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    private void allocate() {
        if (isPaused) {
            return;
        }
        count++;
        if (count >= first && count < first + inARow) {
            throw new OutOfMemoryError("injected at buffer " + count);
        }
    }
}
