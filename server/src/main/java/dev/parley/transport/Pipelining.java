// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.Channel;

/**
 * Spreads the requests that a client sends without waiting for answers over turns of the loop, so that others are served
 * between them, and answers none while the client does not read. For the loop of the socket only.
 */
final class Pipelining {

    /** Bytes of answers to one socket in a turn. */
    private static final int TURN_BYTES = 32 << 10;

    /** What an answer costs beside its body. */
    private static final int ANSWER_BYTES = 512;

    private final Channel channel;
    private final NettyLoop loop;
    private final RequestDecoder decoder;
    private int turnBytes;
    private boolean isPaused;
    private boolean isResumePosted;

    Pipelining(Channel channel, NettyLoop loop, RequestDecoder decoder) {
        this.channel = channel;
        this.loop = loop;
        this.decoder = decoder;
    }

    /** An answer was written. The next request may have to wait. */
    void answered(int bodyBytes) {
        turnBytes += bodyBytes + ANSWER_BYTES;
        if (turnBytes > TURN_BYTES || !channel.isWritable()) {
            isPaused = true;
            decoder.pause();
            channel.config().setAutoRead(false);
            writabilityChanged();
        }
    }

    /** The socket takes more again, or no more for now. */
    void writabilityChanged() {
        if (isPaused && channel.isWritable() && !isResumePosted) {
            isResumePosted = true;
            loop.postToNextTurn(() -> NettyLoop.run(this::resume));
        }
    }

    private void resume() {
        isResumePosted = false;
        if (isPaused && channel.isWritable()) {
            isPaused = false;
            turnBytes = 0;
            channel.config().setAutoRead(true);
            decoder.resume();
        }
    }
}
