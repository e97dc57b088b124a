// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.parley.config.KeyRights;
import dev.parley.config.TokenIssuer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** An identity provider on this machine, whose answers the test decides. */
public final class FakeIssuer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private volatile HttpHandler answer = exchange -> reply(exchange, 404, "nothing here");

    public FakeIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            answer.handle(exchange);
        });
        server.setExecutor(threads);
        server.start();
    }

    /** One that publishes these keys. */
    public static FakeIssuer of(IssuerKey... keys) {
        FakeIssuer issuer = new FakeIssuer();
        issuer.publish(keys);
        return issuer;
    }

    public void publish(IssuerKey... keys) {
        say(200, set(Arrays.stream(keys).map(key -> key.jwk().toString()).toArray(String[]::new)));
    }

    /** From now on this is the answer. */
    public void say(int status, String body) {
        answer = exchange -> reply(exchange, status, body);
    }

    public void redirectTo(URI elsewhere) {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Location", elsewhere.toString());
            reply(exchange, 302, "");
        };
    }

    /** Publishes these keys, but answers nobody before {@link #release}. */
    public void hold(IssuerKey... keys) {
        publish(keys);
        HttpHandler later = answer;
        answer = exchange -> {
            await(released);
            later.handle(exchange);
        };
    }

    public void release() {
        released.countDown();
    }

    /** Answers 404 from now on. */
    public void fallSilent() {
        answer = exchange -> await(end);
    }

    /** From now on it begins well, and never ends. */
    public void beginOnly() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"keys\":[".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            await(end);
        };
    }

    public int requests() {
        return requests.get();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
    }

    public TokenIssuer as(String issuer, String audience) {
        return new TokenIssuer(issuer, url(), audience, KeyRights.all());
    }

    /** A set of these keys (RFC 7517 section 5). */
    public static String set(String... jwks) {
        return Arrays.stream(jwks).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
