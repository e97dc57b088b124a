// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.RedisServer;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Several servers as processes, and the Redis they have in common. */
final class Servers implements AutoCloseable {

    /** How many peers a room holds whose name begins with {@code limited-}. */
    static final int CAPACITY = 500;

    private static final Path DISTRIBUTION = Path.of("target", "parley");

    private final Path folder;
    private final List<ServerProcess> processes = new ArrayList<>();
    private RedisServer redis;

    private Servers(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.redis = RedisServer.start(folder, environment);
    }

    /** Starts so many, and returns when all are ready. */
    static Servers start(Path folder, int count) {
        return start(folder, count, Map.of());
    }

    /**
     * Starts so many, and returns when all are ready.
     *
     * @param environment variables of Redis, until it is started anew
     */
    static Servers start(Path folder, int count, Map<String, String> environment) {
        Servers servers = new Servers(folder, environment);
        for (int number = 1; number <= count; number++) {
            servers.processes.add(
                    ServerProcess.serve(DISTRIBUTION, "--config", servers.configuration("server-" + number)));
        }
        servers.processes.forEach(Servers::awaitReady);
        return servers;
    }

    private String configuration(String name) {
        try {
            return Files.writeString(folder.resolve(name + ".yaml"), """
                            apps:
                              - id: a
                                publishableKeys:
                                  - {id: pk, channels: ["**"], actions: [subscribe, publish, presence, send]}
                                capacity: [{channels: "limited-*", peers: %d}]
                            limits: {messagesPerSecond: 10000, burst: 10000}
                            cluster: {redis: "%s", node: %s}
                            """.formatted(CAPACITY, redis.uri(), name))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitReady(ServerProcess process) {
        String answer = "";
        while (!answer.startsWith("HTTP/1.1 200 ")) {
            try (RawClient operator = RawClient.tcp(process.adminPort())) {
                operator.send("GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                answer = operator.readAll();
            }
        }
    }

    int count() {
        return processes.size();
    }

    /** The port of one of them for clients. */
    int port(int server) {
        return processes.get(server).port();
    }

    /** Sends a signal to one of them. */
    void signal(int server, String name) {
        signal(processes.get(server).pid(), name);
    }

    /** Sends a signal to Redis. */
    void signalRedis(String name) {
        signal(redis.pid(), name);
    }

    /** Ends Redis; {@link #startRedis} has it come back, empty. */
    void endRedis() {
        redis.close();
    }

    void startRedis() {
        redis = redis.restart(folder);
    }

    /** Has Redis do a command. */
    void command(String words) {
        assertThat(redis.command(words)).startsWith("+OK");
    }

    /** Ends all connections to Redis. */
    void cutConnections() {
        assertThat(redis.command("CLIENT KILL TYPE normal")).startsWith(":");
    }

    private static void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
        redis.close();
    }
}
