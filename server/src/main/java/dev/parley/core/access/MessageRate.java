// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.ClientLimits;

/**
 * How much may be sent, in messages and in bytes. A sustained rate of 0 is any rate.
 *
 * @param messagesPerSecond sustained
 * @param messagesBurst at once
 * @param bytesPerSecond sustained
 * @param bytesBurst at once
 */
record MessageRate(int messagesPerSecond, int messagesBurst, int bytesPerSecond, int bytesBurst) {

    private static final int BURSTS_A_SECOND = 4;

    /** What all connections of one peer may send together. */
    static MessageRate ofPeer(ClientLimits limits) {
        return new MessageRate(
                limits.peer().messagesPerSecond(),
                limits.peer().messagesBurst(),
                limits.peer().bytesPerSecond(),
                limits.peer().bytesBurst());
    }

    /**
     * What all connections of one address may send together: at once a quarter of a second's worth, so that the loops
     * handle it before others wait long, and no less than one peer may.
     */
    static MessageRate ofAddress(ClientLimits limits) {
        int messages = limits.address().messagesPerSecond();
        int bytes = limits.address().bytesPerSecond();
        return new MessageRate(
                messages,
                Math.max(messages / BURSTS_A_SECOND, limits.peer().messagesBurst()),
                bytes,
                Math.max(bytes / BURSTS_A_SECOND, limits.peer().bytesBurst()));
    }

    /** Whether nothing is limited. */
    boolean isAny() {
        return messagesPerSecond == 0 && bytesPerSecond == 0;
    }
}
