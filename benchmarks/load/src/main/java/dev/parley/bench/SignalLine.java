// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The way from one client to another: signals arrive in the order in which they were sent, so the first that was sent
 * is the one that arrives, and nothing has to be written into it.
 */
final class SignalLine {

    private final BenchClient from;
    private final ByteBuf frame;
    private final boolean isAcknowledged;

    /** When each signal under way was due to be sent, a ring. */
    private long[] due;

    private int first;
    private int size;

    /** By how many more signals arrived than were acknowledged; below zero the other way round. */
    private int ahead;

    SignalLine(BenchClient from, ByteBuf frame, boolean isAcknowledged, int window) {
        this.from = from;
        this.frame = frame;
        this.isAcknowledged = isAcknowledged;
        this.due = new long[Integer.highestOneBit(Math.max(1, window)) << 1];
    }

    /** Sends one that is, or was, due at this time. */
    void send(long dueAt) {
        if (size == due.length) {
            grow();
        }
        due[(first + size) & (due.length - 1)] = dueAt;
        size++;
        from.sendCopy(frame);
    }

    /** One arrived; whether one is done with that. */
    boolean arrived() {
        return !isAcknowledged || ++ahead <= 0;
    }

    /** One was acknowledged; whether one is done with that. */
    boolean acknowledged() {
        return isAcknowledged && --ahead >= 0;
    }

    /** When the one that is now done was due. */
    long done() {
        long dueAt = due[first];
        first = (first + 1) & (due.length - 1);
        size--;
        return dueAt;
    }

    /** Returns how many signals are under way. */
    int underWay() {
        return size;
    }

    private void grow() {
        long[] longer = Arrays.copyOf(due, due.length * 2);
        System.arraycopy(due, 0, longer, due.length, first); // what had wrapped around
        due = longer;
    }
}
