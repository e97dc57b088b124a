// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

/** A socket that takes no more for now, and whether it has taken anything since the last check. On its loop. */
final class WriteStall {

    /** Bytes that waited when they were last counted. */
    private long waiting;

    private boolean hasMoved;

    WriteStall(long waiting) {
        this.waiting = waiting;
    }

    /**
     * A frame was written.
     *
     * @param before bytes that waited before
     * @param length of the frame
     * @param after bytes that wait now
     */
    void wrote(long before, int length, long after) {
        hasMoved |= before < waiting || after < before + length;
        waiting = after;
    }

    /** Whether the socket has taken anything since the last check. */
    boolean check(long now) {
        boolean result = hasMoved || now < waiting;
        hasMoved = false;
        waiting = now;
        return result;
    }
}
