// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.RequestLimits;
import io.netty.channel.Channel;

/**
 * The time a client has from accepting the socket, or from the answer before, to its next whole request, and to reading
 * the last answer. For the loop only.
 */
final class RequestDeadline extends TimerWheel.Entry {

    private final Channel channel;
    private final NettyLoop loop;
    private final RequestLimits limits;
    private long at;

    RequestDeadline(Channel channel, NettyLoop loop, RequestLimits limits) {
        this.channel = channel;
        this.loop = loop;
        this.limits = limits;
    }

    /** Starts the deadline, again after each answer. */
    void begin() {
        if (loop.isDraining()) {
            channel.close();
            return;
        }
        at = loop.now() + limits.time().toNanos();
        loop.wheel().set(this, at);
    }

    /** When the time is up, as the loop's clock counts. */
    long at() {
        return at;
    }

    void end() {
        loop.wheel().cancel(this);
    }

    @Override
    void due(long now) {
        channel.close();
    }

    @Override
    void drain(long at) {
        channel.close();
    }
}
