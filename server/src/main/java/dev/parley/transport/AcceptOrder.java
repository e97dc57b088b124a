// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers sockets in the order in which they are accepted. A socket is handled on a loop of its own, which may be
 * behind others; the order of its requests says nothing of which client connected first. On the loop that accepts.
 */
@ChannelHandler.Sharable
final class AcceptOrder extends ChannelInboundHandlerAdapter {

    static final AcceptOrder INSTANCE = new AcceptOrder();

    /** The last number that was given, to any socket of this process. */
    private static final AtomicLong last = new AtomicLong();

    private AcceptOrder() {}

    /** Handles a socket that a listener has accepted. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object socket) {
        ((Channel) socket).pipeline().addFirst(new AcceptedSocket(last.incrementAndGet()));
        ctx.fireChannelRead(socket);
    }

    /** Returns the socket's number, which the socket does not keep; a new one if no listener has accepted it. */
    static long take(Channel socket) {
        AcceptedSocket accepted = socket.pipeline().get(AcceptedSocket.class);
        if (accepted == null) {
            return last.incrementAndGet();
        }
        socket.pipeline().remove(accepted);
        return accepted.number;
    }

    /** Carries the number from the loop that accepts to the socket's own. */
    private static final class AcceptedSocket extends ChannelHandlerAdapter {

        private final long number;

        AcceptedSocket(long number) {
            this.number = number;
        }
    }
}
