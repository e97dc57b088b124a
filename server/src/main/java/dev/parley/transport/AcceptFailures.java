// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that sockets could not be accepted, for want of files as a rule: one line a minute, however many listeners fail.
 * Netty accepts none for a second behind each failure. On the loop that accepts.
 */
@ChannelHandler.Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private long quietUntil;

    /** @param nanoTime the clock, see {@link System#nanoTime} */
    AcceptFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.quietUntil = nanoTime.getAsLong();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            ctx.fireExceptionCaught(cause);
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - quietUntil >= 0) {
            quietUntil = now + PAUSE_NANOS;
            log.warn(
                    "clients cannot connect: {}; if these are too many open files, raise the limit (LimitNOFILE of the"
                            + " service, or ulimit -n)",
                    cause.getMessage());
        }
    }
}
