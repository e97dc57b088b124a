// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A set of names in the order of their UTF-16 units; reading a part of it does not read the rest. The names are in
 * sorted blocks, which take about 6 bytes a name. Each call holds one lock for about a microsecond. Safe from any
 * thread.
 */
public final class NameIndex {

    /** Names in one block at most. */
    static final int BLOCK_NAMES = 256;

    private static final int FIRST_CAPACITY = 4;

    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of their names; none is empty. Guarded by the lock. */
    private final List<Block> blocks = new ArrayList<>(1);

    /** Adds the name, unless the set has it. */
    public void add(String name) {
        lock.lock();
        try {
            if (blocks.isEmpty()) {
                blocks.add(new Block(new String[FIRST_CAPACITY], 0));
            }
            int at = blockOf(name);
            if (blocks.get(at).size == BLOCK_NAMES) {
                blocks.add(at + 1, blocks.get(at).upperHalf());
                blocks.get(at).keepLowerHalf();
                at = blockOf(name);
            }
            blocks.get(at).add(name);
        } finally {
            lock.unlock();
        }
    }

    /** Removes the name, if the set has it. */
    public void remove(String name) {
        lock.lock();
        try {
            if (blocks.isEmpty()) {
                return;
            }
            int at = blockOf(name);
            Block block = blocks.get(at);
            block.remove(name);
            if (block.size == 0) {
                blocks.remove(at);
            } else if (at + 1 < blocks.size() && block.size + blocks.get(at + 1).size <= BLOCK_NAMES / 2) {
                block.append(blocks.get(at + 1));
                blocks.remove(at + 1);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the first names behind this one, up to {@code max}. */
    public List<String> after(String name, int max) {
        return read(name, false, max);
    }

    /** Returns the first names from this one on, up to {@code max}. */
    public List<String> from(String name, int max) {
        return read(name, true, max);
    }

    private List<String> read(String first, boolean isInclusive, int max) {
        List<String> names = new ArrayList<>(Math.min(max, BLOCK_NAMES));
        lock.lock();
        try {
            int at = blocks.isEmpty() ? 0 : blockOf(first);
            int place = blocks.isEmpty() ? 0 : blocks.get(at).place(first);
            if (place >= 0 && !isInclusive && !blocks.isEmpty()) {
                place++;
            }
            place = place < 0 ? ~place : place;
            for (; at < blocks.size() && names.size() < max; at++) {
                Block block = blocks.get(at);
                int end = Math.min(block.size, place + max - names.size());
                names.addAll(Arrays.asList(block.names).subList(place, end));
                place = 0;
            }
            return names;
        } finally {
            lock.unlock();
        }
    }

    /** The index of the last block that begins with this name or one before it, else 0. */
    private int blockOf(String name) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (blocks.get(middle).names[0].compareTo(name) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Consecutive names. Guarded by the lock of the index. */
    private static final class Block {

        String[] names;
        int size;

        Block(String[] names, int size) {
            this.names = names;
            this.size = size;
        }

        /** The position of the name; the complement of where to insert it if the block does not have it. */
        int place(String name) {
            return Arrays.binarySearch(names, 0, size, name);
        }

        void add(String name) {
            int place = place(name);
            if (place >= 0) {
                return;
            }
            if (size == names.length) {
                names = Arrays.copyOf(names, 2 * size);
            }
            System.arraycopy(names, ~place, names, ~place + 1, size - ~place);
            names[~place] = name;
            size++;
        }

        void remove(String name) {
            int place = place(name);
            if (place >= 0) {
                System.arraycopy(names, place + 1, names, place, size - place - 1);
                truncate(size - 1);
            }
        }

        Block upperHalf() {
            String[] upper = new String[BLOCK_NAMES];
            System.arraycopy(names, BLOCK_NAMES / 2, upper, 0, BLOCK_NAMES / 2);
            return new Block(upper, BLOCK_NAMES / 2);
        }

        void keepLowerHalf() {
            truncate(BLOCK_NAMES / 2);
        }

        /** Adds the names of the next block. Both have at most {@link #BLOCK_NAMES} names together. */
        void append(Block next) {
            if (names.length < size + next.size) {
                names = Arrays.copyOf(names, BLOCK_NAMES);
            }
            System.arraycopy(next.names, 0, names, size, next.size);
            size += next.size;
        }

        private void truncate(int remaining) {
            Arrays.fill(names, remaining, size, null);
            size = remaining;
        }
    }
}
