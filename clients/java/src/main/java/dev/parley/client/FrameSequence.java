// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** The place in the numbered frames of the server. For the client's lock only. */
final class FrameSequence {

    private long last;

    /** What to do with a frame. */
    enum Order {
        /** It is the next: act on it. */
        ACT,
        /** It came before: ignore it. */
        IGNORE,
        /** One is missing before it, or it has no number: give up. */
        GIVE_UP
    }

    /** @param sequence of the frame; 0 if it has none */
    Order take(long sequence) {
        if (sequence == last + 1) {
            last = sequence;
            return Order.ACT;
        }
        return sequence > last || sequence == 0 ? Order.GIVE_UP : Order.IGNORE;
    }

    /** The number of the last frame acted on; 0 if none. */
    long last() {
        return last;
    }
}
