// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Dialect;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a socket passes through, all of it on this page.
 *
 * <pre>
 * silent     first      leaves with the first bytes        {@link FirstBytes}
 *
 * proxied    proxy      a PROXY protocol header to         (Netty's decoder)
 *            header     whom the socket was opened for     {@link ProxyHeader}
 *
 * secured    tls        records to bytes and back          {@link TlsHandler}
 *
 * accepted   http       bytes to requests and back         {@link RequestDecoder}
 *            requests   rules, routes, handshake           {@link RequestHandler}
 *
 * upgraded   websocket  frames in, and out by              {@link WebSocketHandler}
 *                       the connection it feeds            {@link WebSocketConnection}
 * </pre>
 *
 * The first is there on sockets that count as waiting. The next two are there only on sockets from a proxy that has to
 * use that protocol, and leave with its header, which stands before everything of TLS. The one of TLS is there where
 * the site has a certificate, and stays. Nothing of HTTP stays on an upgraded socket.
 */
final class SocketPipeline extends ChannelInitializer<Channel> {

    private static final Logger log = LoggerFactory.getLogger(SocketPipeline.class);
    private static final String FIRST = "first";
    private static final String PROXY = "proxy";
    private static final String HEADER = "header";
    static final String TLS = "tls";
    private static final String HTTP = "http";
    private static final String REQUESTS = "requests";
    private static final String WEBSOCKET = "websocket";

    /** What a proxy may add to the addresses in its header, for which we have no use. */
    private static final int MAX_PROXY_EXTRAS = 1024;

    private final ListenerServices services;
    private final ClientLimits limits;
    private final Function<Channel, NettyLoop> loops;
    private final WebSocketTerms terms;
    private final UnadmittedSockets unadmitted = new UnadmittedSockets();
    private final OpenConnections open;
    private final Map<String, ConnectionTraffic> traffic = new ConcurrentHashMap<>();
    private final AtomicBoolean hasToldOfProxies = new AtomicBoolean();

    /** A pipeline that lets clients hold any amount of unfinished input and of unread output. */
    SocketPipeline(
            ListenerServices services,
            ClientLimits limits,
            KeepaliveSettings keepalive,
            Function<Channel, NettyLoop> loops,
            FrameEncoder encoder) {
        this(
                services,
                limits,
                keepalive,
                loops,
                encoder,
                new FairShares(Long.MAX_VALUE / 2),
                new UnreadMemory(0, () -> false));
    }

    /**
     * A pipeline for the sockets of one site.
     *
     * @param arrivals counts input that is unfinished, by client address
     * @param unread closes connections whose clients do not read when memory is short
     */
    SocketPipeline(
            ListenerServices services,
            ClientLimits limits,
            KeepaliveSettings keepalive,
            Function<Channel, NettyLoop> loops,
            FrameEncoder encoder,
            FairShares arrivals,
            UnreadMemory unread) {
        this.services = services;
        this.limits = limits;
        this.loops = loops;
        this.terms = new WebSocketTerms(limits, keepalive, encoder, arrivals, unread);
        this.open = new OpenConnections(limits.address().connections());
    }

    /**
     * A request names a client address, and its sender is no configured proxy. That is logged once, as the proxy may be
     * missing.
     */
    void metUnknownProxy(InetAddress socket) {
        if (hasToldOfProxies.compareAndSet(false, true)) {
            log.warn(
                    "X-Forwarded-For came from {}, which is not among 'proxies': if that is your proxy, all who come"
                            + " through it count as one address, and share its limits",
                    socket.getHostAddress());
        }
    }

    /** The figures of the connections of this dialect. */
    ConnectionTraffic traffic(Dialect dialect) {
        return traffic.computeIfAbsent(dialect.name(), name -> ConnectionTraffic.of(name, services.observer()));
    }

    /** Returns the sockets whose clients are not admitted. */
    UnadmittedSockets unadmitted() {
        return unadmitted;
    }

    /** Returns the open WebSockets. */
    OpenConnections open() {
        return open;
    }

    @Override
    protected void initChannel(Channel channel) {
        long number = AcceptOrder.take(channel);
        InetAddress peer = SocketEnds.peer(channel);
        boolean isProxy = services.proxies().include(peer);
        UnadmittedSockets.Place place =
                isProxy ? unadmitted.enterUncounted() : unadmitted.enter(peer, () -> evict(channel, peer));
        try {
            addHandlers(number, channel, place, isProxy);
        } catch (RuntimeException | Error e) { // Netty closes the channel
            place.leave();
            throw e;
        }
    }

    private void evict(Channel channel, InetAddress peer) {
        services.observer().refused(peer, 0, "too many of its sockets wait to be admitted", () -> "door=socket");
        channel.close();
    }

    private void addHandlers(long number, Channel channel, UnadmittedSockets.Place place, boolean isProxy) {
        if (place.isCounted()) {
            channel.pipeline().addLast(FIRST, new FirstBytes(place));
        }
        if (isProxy && services.proxies().isProxyProtocol()) {
            channel.pipeline()
                    .addLast(PROXY, new HAProxyMessageDecoder(MAX_PROXY_EXTRAS))
                    .addLast(HEADER, new ProxyHeader(services.observer()));
        }
        if (services.tls() != null) {
            channel.pipeline().addLast(TLS, services.tls().handler(channel, services.observer()));
        }
        HttpDecoderConfig http = new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.request().headerBytes())
                .setMaxHeaderSize(limits.request().headerBytes())
                .setHeadersFactory(new HeaderLimit())
                .setTrailersFactory(new HeaderLimit());
        NettyLoop loop = loops.apply(channel);
        RequestDeadline deadline = new RequestDeadline(channel, loop, limits.request());
        RequestDecoder decoder = new RequestDecoder(http, new ArrivalShare(terms.arrivals(), channel));
        RequestPipelining pipelining = new RequestPipelining(channel, loop, decoder);
        channel.pipeline()
                .addLast(HTTP, new CombinedChannelDuplexHandler<>(decoder, new HttpResponseEncoder()))
                .addLast(
                        REQUESTS,
                        new RequestHandler(number, services, this, deadline, place, limits.request(), pipelining));
    }

    /** Removes the HTTP codec, and with it what it holds of a request, once the last answer of a socket was written. */
    void endHttp(Channel channel) {
        if (channel.pipeline().get(HTTP) != null) {
            channel.pipeline().remove(HTTP);
        }
    }

    /**
     * Turns the socket into a WebSocket, the handshake's answer being written. What the client sent behind its request
     * reaches the new handler when the codec goes, which is after the conversation was opened.
     *
     * @param number of the socket, see {@link ClientConnection#id}
     */
    void upgrade(
            long number,
            Channel channel,
            ConnectionTraffic traffic,
            Dialect.Opening opening,
            long admitBy,
            UnadmittedSockets.Place place) {
        NettyLoop loop = loops.apply(channel);
        WebSocketConnection connection = new WebSocketConnection(number, channel, loop, terms, traffic, admitBy, place);
        WebSocketHandler handler = new WebSocketHandler(connection, opening, loop, channel.alloc());
        ChannelPipeline handlers = channel.pipeline();
        handlers.remove(REQUESTS); // from here on the connection gives the place back
        handlers.replace(HTTP, WEBSOCKET, handler);
    }
}
