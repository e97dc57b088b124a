// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Says on one connection what has arrived: after so many frames or so long, whichever is first. For the client's lock only. */
final class Receipts {

    static final int FRAMES = 64;
    static final Duration DELAY = Duration.ofSeconds(1);

    private final Exclusive exclusive;
    private final Incoming incoming;
    private final LongConsumer saying;
    private int unsaid;
    private Exclusive.@Nullable Alarm alarm;

    /** @param saying sends {@code received} with this number */
    Receipts(Exclusive exclusive, Incoming incoming, LongConsumer saying) {
        this.exclusive = exclusive;
        this.incoming = incoming;
        this.saying = saying;
    }

    /** A numbered frame has come. */
    void count() {
        unsaid++;
        if (unsaid >= FRAMES) {
            say();
        } else if (alarm == null) {
            alarm = exclusive.after(DELAY, this::say);
        }
    }

    void say() {
        stop();
        saying.accept(incoming.last());
    }

    void sayWhatIsUnsaid() {
        if (unsaid > 0) {
            say();
        }
    }

    /** Says nothing of what has come. */
    void stop() {
        unsaid = 0;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
