// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * The size of the messages of clients.
 *
 * @param dataBytes the largest {@code data} of a v1 message, as the welcome says; a larger one is refused
 * @param fragments frames one message may be split into
 * @param time from the first byte of a message to its last
 */
public record MessageLimits(int dataBytes, int fragments, Duration time) {

    /** Room for what a client wraps around its data: names, ids, quotes. */
    private static final int ENVELOPE_BYTES = 4096;

    /** 64 KiB, for descriptions of many streams. */
    public static MessageLimits defaults() {
        return new MessageLimits(65_536, 64, Duration.ofSeconds(10));
    }

    /** The largest message, with everything around its data; a larger one closes the connection with 1009. */
    public int wholeBytes() {
        return dataBytes + ENVELOPE_BYTES;
    }
}
