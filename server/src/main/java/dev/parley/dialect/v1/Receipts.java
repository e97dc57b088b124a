// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Loop;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Which requests of a client that numbers them were heard, so that one it says again counts once. Now and then the client
 * is told. On the session's loop.
 */
final class Receipts {

    private static final int UNSAID = 64;
    private static final Duration DELAY = Duration.ofMillis(500);

    private final Loop loop;
    private final LongConsumer words;
    private long heard;
    private int unsaid;
    private boolean isDue;

    /** @param words tells the client that everything through this number was heard */
    Receipts(Loop loop, LongConsumer words) {
        this.loop = loop;
        this.words = words;
    }

    /** The highest number that was heard. */
    long heard() {
        return heard;
    }

    /** Whether a request of this number was not heard before; from now on it was. */
    boolean isNew(long sequence) {
        if (sequence <= heard) {
            return false;
        }
        heard = sequence;
        unsaid++;
        if (unsaid >= UNSAID) {
            say();
        } else if (!isDue) {
            isDue = true;
            loop.schedule(DELAY, this::sayLate);
        }
        return true;
    }

    private void sayLate() {
        isDue = false;
        if (unsaid > 0) {
            say();
        }
    }

    private void say() {
        unsaid = 0;
        words.accept(heard);
    }
}
