// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/** The numbers of what one connection sends, and what it has received and not acknowledged. */
final class SequenceNumbers {

    private long last;
    private int unacknowledgedFrames;
    private long unacknowledgedBytes;

    /** Returns the number of what is sent next. */
    long next() {
        last++;
        return last;
    }

    /** Counts a numbered frame of so many bytes that was received. */
    void received(int bytes) {
        unacknowledgedFrames++;
        unacknowledgedBytes += bytes;
    }

    /** Whether so many frames or bytes have been received since the last acknowledgement. */
    boolean isDue(int frames, long bytes) {
        return unacknowledgedFrames >= frames || unacknowledgedBytes >= bytes;
    }

    /** Notes that all received frames have been acknowledged. */
    void acknowledged() {
        unacknowledgedFrames = 0;
        unacknowledgedBytes = 0;
    }

    /** Begins anew, for the next connection. */
    void reset() {
        last = 0;
        acknowledged();
    }
}
