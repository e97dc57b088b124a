// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ServerObserver;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Learns from the first bytes of a trusted proxy for whom it opened the socket, and leaves the pipeline. Anything but a
 * header of PROXY protocol version 2 ends the socket.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    private final ServerObserver observer;
    private boolean isRefused;

    ProxyHeader(ServerObserver observer) {
        this.observer = observer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!(message instanceof HAProxyMessage header) || header.protocolVersion() != HAProxyProtocolVersion.V2) {
                refuse(ctx);
                return;
            }
            InetAddress client = client(header);
            if (client != null) {
                SocketEnds.openedFor(ctx.channel(), client);
            }
            ctx.pipeline().remove(this);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ReadBuffers.Enough) {
            ReadBuffers.goOn(ctx);
            return;
        }
        if (cause instanceof IOException) {
            ctx.close();
        } else {
            refuse(ctx);
        }
    }

    private void refuse(ChannelHandlerContext ctx) {
        if (!isRefused) {
            isRefused = true;
            observer.refused(
                    SocketEnds.peer(ctx.channel()),
                    0,
                    "it began without a PROXY protocol version 2 header",
                    () -> "door=proxy");
            ctx.close();
        }
    }

    /** Null if the proxy speaks for itself ({@code LOCAL}), or for someone without an address of the Internet. */
    private static @Nullable InetAddress client(HAProxyMessage header) {
        return switch (header.proxiedProtocol().addressFamily()) {
            case AF_IPv4, AF_IPv6 -> InetAddress.ofLiteral(header.sourceAddress());
            case AF_UNIX, AF_UNSPEC -> null;
        };
    }
}
