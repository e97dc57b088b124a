// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledges the frames received on one connection: after a number of frames, of bytes, or after a delay, whichever
 * comes first. For the client's lock only.
 */
final class FrameReceipts {

    static final int FRAMES = 64;
    static final int BYTES = 256 * 1024;
    static final Duration DELAY = Duration.ofSeconds(1);

    /**
     * The most bytes that UTF-8 needs for one char. The server counts bytes; each char counts as this many, so that no
     * frame has to be encoded again, and the acknowledgement is never late.
     */
    private static final int BYTES_PER_CHAR = 3;

    private final ClientLock exclusive;
    private final FrameSequence incoming;
    private final LongConsumer saying;
    private int unsaid;
    private long unsaidBytes;
    private ClientLock.@Nullable Alarm alarm;

    /** @param saying sends {@code received} with this number */
    FrameReceipts(ClientLock exclusive, FrameSequence incoming, LongConsumer saying) {
        this.exclusive = exclusive;
        this.incoming = incoming;
        this.saying = saying;
    }

    /**
     * Counts a numbered frame.
     *
     * @param chars its length
     */
    void count(int chars) {
        unsaid++;
        unsaidBytes += (long) BYTES_PER_CHAR * chars;
        if (unsaid >= FRAMES || unsaidBytes >= BYTES) {
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

    /** Stops acknowledging frames. */
    void stop() {
        unsaid = 0;
        unsaidBytes = 0;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
