// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.RedisServer;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The server under test: the one at {@code -Dparley.url}, or the one built in this tree, as a process of its own. With
 * several addresses, separated by commas, or with {@code -Dparley.servers}, it is several servers on one Redis, and
 * connections go to them in turn.
 */
final class Server implements AutoCloseable {

    /** Messages a client may send at once, as the server is configured; 200 a second come back. */
    static final int MESSAGE_BURST = Integer.getInteger("parley.messageBurst", 1000);

    private static final Path DISTRIBUTION = Path.of("..", "..", "server", "target", "parley");
    private static final String CONFIGURATION = "src/test/resources/conformance.yaml";
    private static final String DEVELOPMENT_KEY = "pk_live_demo";

    /** How many servers are started. */
    private static final int COUNT = Integer.getInteger("parley.servers", 1);

    private final List<URI> urls;
    private final AtomicInteger connections = new AtomicInteger();
    private final String key;
    private final List<ServerProcess> processes;
    private final @Nullable RedisServer redis;

    private Server(List<URI> urls, String key, List<ServerProcess> processes, @Nullable RedisServer redis) {
        this.urls = urls;
        this.key = key;
        this.processes = processes;
        this.redis = redis;
    }

    /** The one at {@code -Dparley.url}, else one of its own. */
    static Server underTest() {
        String url = System.getProperty("parley.url", "");
        return url.isEmpty()
                ? start()
                : at(Stream.of(url.split(",", -1)).map(URI::create).toList());
    }

    private static Server at(List<URI> urls) {
        for (URI url : urls) {
            if (!"ws".equals(url.getScheme()) || url.getPort() < 0) {
                throw new AssertionError("-Dparley.url must be ws://host:port, and is " + url);
            }
        }
        return new Server(urls, System.getProperty("parley.key", DEVELOPMENT_KEY), List.of(), null);
    }

    /** The server built in this tree, started for the caller. */
    static Server start() {
        RedisServer redis = COUNT > 1 ? RedisServer.start(temporaryFolder()) : null;
        List<ServerProcess> processes = IntStream.rangeClosed(1, COUNT)
                .mapToObj(number -> redis == null ? CONFIGURATION : configuration(redis, "server-" + number))
                .map(file -> ServerProcess.serve(DISTRIBUTION, "--config", file))
                .toList();
        List<URI> urls = processes.stream()
                .map(process -> URI.create("ws://127.0.0.1:" + process.port()))
                .toList();
        return new Server(urls, DEVELOPMENT_KEY, processes, redis);
    }

    /** Writes the configuration of one of several servers, and returns its file. */
    private static String configuration(RedisServer redis, String name) {
        String cluster = "cluster: {redis: \"" + redis.uri() + "\", node: " + name + "}\n";
        try {
            Path file = temporaryFolder().resolve(name + ".yaml");
            return Files.writeString(file, Files.readString(Path.of(CONFIGURATION)) + cluster)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createDirectories(Path.of("target", "servers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it was started by these tests, so that they may stop it. */
    boolean isOwn() {
        return !processes.isEmpty();
    }

    /** Whether all clients are connected to one server. */
    boolean isOne() {
        return urls.size() == 1;
    }

    /** A publishable key with all rights. */
    String key() {
        return key;
    }

    /** A name no other test uses. */
    static String freshName() {
        return "conformance-" + UUID.randomUUID();
    }

    /** A bare connection. */
    RawClient tcp() {
        URI url = urls.get(connections.getAndIncrement() % urls.size());
        return RawClient.tcp(new InetSocketAddress(url.getHost(), url.getPort()), 0);
    }

    /** The header line every request needs. */
    String host() {
        return "Host: " + urls.getFirst().getAuthority();
    }

    /** A WebSocket on this path. */
    RawClient open(String path) {
        return tcp().upgrade(path, host());
    }

    /** A WebSocket of v1 that brings the key. */
    RawClient openV1() {
        return open("/v1?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
    }

    /** A client of v1, its welcome read. */
    Client connect() {
        return new Client(openV1());
    }

    /** A WebSocket of v1 that brings this query, {@code key=...} or {@code token=...}. */
    RawClient openV1(String query, String... headers) {
        List<String> lines = new ArrayList<>(List.of(host()));
        lines.addAll(List.of(headers));
        return tcp().upgrade("/v1?" + query, lines.toArray(String[]::new));
    }

    /** A client of v1 that brings this query, its welcome read. */
    Client connect(String query) {
        return new Client(openV1(query));
    }

    /** A client of v1 with this token, its welcome read. */
    Client connect(Token token) {
        return connect("token=" + token.sign());
    }

    /** Skips the test unless the server is configured as these tests are: with conformance.yaml. */
    void assumeConfigured() {
        assumeTrue(
                isOwn() || Boolean.getBoolean("parley.configured"),
                "a server at -Dparley.url that runs with conformance.yaml needs -Dparley.configured=true");
    }

    /** Asks the own processes to stop; returns at once. */
    void terminate() {
        processes.forEach(ServerProcess::terminate);
    }

    /** The largest exit code of the own processes, when all have ended. */
    int exitCode() {
        return processes.stream().mapToInt(ServerProcess::exitCode).max().orElseThrow();
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
        if (redis != null) {
            redis.close();
        }
    }
}
