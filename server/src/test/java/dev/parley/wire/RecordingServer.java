// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ProxySettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import dev.parley.core.port.ServerObserver;
import dev.parley.simulation.TestServer;
import dev.parley.transport.ListenerServices;
import dev.parley.transport.NettyTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The transport of production around a site of its own that is open to everyone and remembers what it was asked: pages
 * at {@code /marker} and {@code /hidden}, an API below {@code /v1/}, and the minimal protocol.
 */
final class RecordingServer implements AutoCloseable {

    private final NettyTransport transport;
    private final int port;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    /** A request as it reached the site. */
    record Seen(ClientRequest request, String body) {

        @Override
        public String toString() {
            return request + (body.isEmpty() ? "" : " " + body);
        }
    }

    private RecordingServer(ClientLimits limits, ArrivalThrottle throttle, ProxySettings proxies) {
        transport = new NettyTransport(limits, KeepaliveSettings.defaults(), DrainSettings.defaults());
        Map<String, HttpRoute> routes = Map.of("/marker", this::page, "/hidden", this::page);
        Dialect minimal = TestServer.with()
                .settings(new SettingsBuilder().limits(limits).build())
                .throttle(throttle)
                .build(transport.frames())
                .minimal();
        ListenerServices site = new ListenerServices(
                List.of(minimal),
                routes,
                new Echo(),
                ListenerServices.Guests.EVERYONE,
                throttle,
                proxies,
                ServerObserver.NONE);
        try {
            port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), site);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RecordingServer start(ClientLimits limits) {
        return new RecordingServer(limits, ArrivalThrottle.NONE, ProxySettings.none());
    }

    static RecordingServer start(ClientLimits limits, ArrivalThrottle throttle, ProxySettings proxies) {
        return new RecordingServer(limits, throttle, proxies);
    }

    int port() {
        return port;
    }

    /** What it was asked so far. */
    List<Seen> seen() {
        return List.copyOf(seen);
    }

    void forget() {
        seen.clear();
    }

    private HttpReply page(ClientRequest request) {
        seen.add(new Seen(request, ""));
        return reply(200, "page " + request.path());
    }

    private static HttpReply reply(int status, String text) {
        return new HttpReply(status, "text/plain", Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    private final class Echo implements HttpApi {

        @Override
        public boolean serves(String path) {
            return path.startsWith("/v1/");
        }

        @Override
        public void answer(ClientRequest request, byte[] body, Consumer<HttpReply> answer) {
            seen.add(new Seen(request, new String(body, StandardCharsets.ISO_8859_1)));
            answer.accept(RecordingServer.reply(200, "took " + body.length));
        }

        @Override
        public HttpReply tooLarge() {
            return RecordingServer.reply(413, "too large");
        }

        @Override
        public HttpReply tooMany() {
            return RecordingServer.reply(429, "too many");
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
