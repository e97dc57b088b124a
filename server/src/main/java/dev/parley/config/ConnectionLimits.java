// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * How much one WebSocket may ask for.
 *
 * @param channels it may hold
 * @param outboundBytes what may wait for a client that does not read
 * @param controlFramesPerSecond pings and pongs a client may send, sustained
 * @param controlFramesBurst pings and pongs a client may send at once
 * @param stallTime how long a client may take nothing of the data that waits for it
 * @param closeTime from the server's Close frame to the end of the socket
 */
public record ConnectionLimits(
        int channels,
        int outboundBytes,
        int controlFramesPerSecond,
        int controlFramesBurst,
        Duration stallTime,
        Duration closeTime) {

    /** Enough for a browser on a slow line. */
    public static ConnectionLimits defaults() {
        return new ConnectionLimits(100, 1 << 20, 10, 100, Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    /**
     * The same for so many channels.
     *
     * @param leastOutbound room for at least so many bytes that wait
     */
    public ConnectionLimits with(int otherChannels, int leastOutbound) {
        return new ConnectionLimits(
                otherChannels,
                Math.max(outboundBytes, leastOutbound),
                controlFramesPerSecond,
                controlFramesBurst,
                stallTime,
                closeTime);
    }
}
