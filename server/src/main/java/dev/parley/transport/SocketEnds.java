// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address of a socket's client, and closing a socket so that the last bytes arrive. */
final class SocketEnds {

    /**
     * What the system holds of a connection and has not sent: what is to go first waits in the server and not behind
     * it.
     */
    static final long UNSENT_BYTES = 16 << 10;

    private static final AttributeKey<InetAddress> OPENED_FOR = AttributeKey.valueOf(SocketEnds.class, "openedFor");

    private SocketEnds() {}

    /** A trusted proxy said for whom it opened the socket. */
    static void openedFor(Channel channel, InetAddress client) {
        channel.attr(OPENED_FOR).set(client);
    }

    /**
     * The address at the other end, or behind it if a proxy said so with the socket's first bytes; loopback if the
     * channel has none of the Internet's.
     */
    static InetAddress peer(Channel channel) {
        InetAddress client =
                channel.hasAttr(OPENED_FOR) ? channel.attr(OPENED_FOR).get() : null;
        if (client != null) {
            return client;
        }
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /**
     * Closes our direction behind this write, over TLS with its word for that. The other stays open for the client to
     * close, because closing a socket with unread bytes resets it, and a reset may destroy what was just sent. Whoever
     * calls this drops what still arrives and has a deadline for it.
     */
    static void endAfter(Channel channel, ChannelFuture written) {
        written.addListener(it -> {
            if (!it.isSuccess()) {
                channel.close(); // it broke, or there was no memory for the last words
                return;
            }
            ChannelHandler tls = channel.pipeline().get(SocketPipeline.TLS);
            if (tls == null) {
                shutdownOutput(channel);
            } else {
                TlsCertificates.endAfter(tls).addListener(said -> shutdownOutput(channel));
            }
        });
    }

    /**
     * Whether this is the end of a socket and no fault of ours. Netty wraps what the system answers about a socket that
     * was closed a moment ago, when reading from it is to begin or to end.
     */
    static boolean isBroken(Throwable cause) {
        return cause instanceof IOException || cause instanceof UncheckedIOException;
    }

    private static void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }
}
