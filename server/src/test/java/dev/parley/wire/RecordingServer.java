// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.Drain;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.config.MinimalSettings;
import dev.parley.config.Proxies;
import dev.parley.core.port.Api;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import dev.parley.core.port.Throttle;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.simulation.Terms;
import dev.parley.transport.Site;
import dev.parley.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The transport of production around a site of its own that is open to everyone and remembers what it was asked: pages at
 * {@code /marker} and {@code /hidden}, an API below {@code /v1/}, and the minimal protocol.
 */
final class RecordingServer implements AutoCloseable {

    private final Transport transport;
    private final int port;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    /** A request as it reached the site. */
    record Seen(Request request, String body) {

        @Override
        public String toString() {
            return request + (body.isEmpty() ? "" : " " + body);
        }
    }

    private RecordingServer(Limits limits, Throttle throttle, Proxies proxies) {
        transport = new Transport(limits, Keepalive.defaults(), Drain.defaults());
        Map<String, Route> routes = Map.of("/marker", this::page, "/hidden", this::page);
        Dialect minimal = new MinimalDialect(
                transport.frames(),
                throttle,
                Observer.NONE,
                MinimalSettings.open(),
                limits,
                Terms.memory().share(),
                Terms.heap());
        Site site =
                new Site(List.of(minimal), routes, new Echo(), Site.Guests.EVERYONE, throttle, proxies, Observer.NONE);
        try {
            port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), site);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RecordingServer start(Limits limits) {
        return new RecordingServer(limits, Throttle.NONE, Proxies.none());
    }

    static RecordingServer start(Limits limits, Throttle throttle, Proxies proxies) {
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

    private Reply page(Request request) {
        seen.add(new Seen(request, ""));
        return reply(200, "page " + request.path());
    }

    private static Reply reply(int status, String text) {
        return new Reply(status, "text/plain", Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    private final class Echo implements Api {

        @Override
        public boolean serves(String path) {
            return path.startsWith("/v1/");
        }

        @Override
        public Reply reply(Request request, byte[] body) {
            seen.add(new Seen(request, new String(body, StandardCharsets.ISO_8859_1)));
            return RecordingServer.reply(200, "took " + body.length);
        }

        @Override
        public Reply tooLarge() {
            return RecordingServer.reply(413, "too large");
        }

        @Override
        public Reply tooMany() {
            return RecordingServer.reply(429, "too many");
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
