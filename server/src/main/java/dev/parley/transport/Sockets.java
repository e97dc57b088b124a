// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Ending sockets so that the last words arrive. */
final class Sockets {

    private Sockets() {}

    /** The address at the other end, loopback if the channel has none of the Internet's. */
    static InetAddress peer(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /**
     * Closes our direction behind this write. The other stays open for the client to close, because closing a socket
     * with unread bytes resets it, and a reset may destroy what was just sent. Whoever calls this drops what still
     * arrives and has a deadline for it.
     */
    static void endAfter(Channel channel, ChannelFuture written) {
        written.addListener(it -> {
            if (it.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        });
    }
}
