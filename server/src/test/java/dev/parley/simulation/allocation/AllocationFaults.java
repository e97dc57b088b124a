// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.allocation;

/**
 * Decides which allocations fail. Frames lie in direct memory, which may lack for a while; tasks and timers lie on the
 * heap, and the JVM of a server ends at the first that has no room there, so no more than one of them fails.
 */
final class AllocationFaults {

    private final long first;
    private final int framesInARow;
    private long count;

    /**
     * @param first the number of the first that fails
     * @param framesInARow how many frames fail one after the other, and nothing else does; 0 if one allocation of
     *     any kind fails
     */
    AllocationFaults(long first, int framesInARow) {
        this.first = first;
        this.framesInARow = framesInARow;
    }

    void frame() {
        allocate();
    }

    void task() {
        if (framesInARow == 0) {
            allocate();
        }
    }

    private void allocate() {
        count++;
        if (count >= first && count < first + Math.max(framesInARow, 1)) {
            throw new OutOfMemoryError("injected at allocation " + count);
        }
    }

    /** Whether any failed. */
    boolean isReached() {
        return count >= first;
    }
}
