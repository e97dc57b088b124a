// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server process that is asked to stop. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class StopTest {

    @TempDir
    private Path folder;

    @Test
    void itIsNotReadyTakesNobodyAnswersOperatorsAndEndsWithZeroWhenItsClientsAreGone() throws IOException {
        ServerProcess server = start("10s");
        List<RawClient> clients = connect(server, 100);
        assertThat(get(server, "/ready")).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ready\"}");
        assertThat(get(server, "/metrics")).contains("\nparley_ready 1.0\n");

        server.terminate();
        server.awaitLine("stopping");
        assertThat(get(server, "/ready")).startsWith("HTTP/1.1 503 ").endsWith("{\"status\":\"draining\"}");
        assertThat(get(server, "/health")).startsWith("HTTP/1.1 200 ");
        assertThat(get(server, "/metrics")).contains("\nparley_ready 0.0\n");
        awaitClosed(server);

        for (RawClient client : clients) {
            assertThat(client.read()).contains("going_away");
            assertThat(client.read()).isEqualTo("close 1001 going away");
            client.close();
        }
        assertThat(server.exitCode()).isZero();
    }

    @Test
    void askedTwiceItEndsAtOnceWithZero() throws IOException {
        ServerProcess server = start("1h");
        List<RawClient> clients = connect(server, 300);
        long begin = System.nanoTime();
        server.terminate();
        server.awaitLine("stopping");
        server.terminate();

        assertThat(server.exitCode()).isZero();
        assertThat(server.lines()).anyMatch(line -> line.endsWith("stopped at once"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        clients.forEach(RawClient::close);
    }

    @Test
    void whatNobodyAnswersEndsWithItsTime() throws IOException {
        Path file = Files.writeString(
                folder.resolve("parley.yaml"), configuration() + "drain: {spread: 0s, timeout: 1s}\n");
        ServerProcess server = serve(file);
        List<RawClient> clients = connect(server, 20);
        server.terminate();

        assertThat(server.exitCode()).isZero();
        clients.forEach(RawClient::close);
    }

    /**
     * The moments are spread over the whole start, and a while beyond; none is special, so no clock can fail the test.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 40, 60, 100, 150, 250, 400, 1000})
    void askedAtAnyMomentOfItsStartItEndsWithZero(int millis) throws IOException, InterruptedException {
        Launcher.unpack(folder);
        try (Launcher server = Launcher.start(folder)) {
            server.awaitHeld();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
            server.terminate();

            assertThat(server.exitCode()).isZero();
        }
    }

    private ServerProcess start(String spread) throws IOException {
        return serve(Files.writeString(
                folder.resolve("parley.yaml"),
                configuration() + "drain: {spread: " + spread + ", timeout: " + spread + "}\n"));
    }

    private static String configuration() {
        return """
                apps: [{id: demo, publishableKeys: [{id: pk, channels: ["**"], actions: [send]}]}]
                """;
    }

    private static ServerProcess serve(Path file) {
        return Built.serve("--config", file.toString());
    }

    private static List<RawClient> connect(ServerProcess server, int count) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = RawClient.open(server.port(), "/v1?key=pk");
            assertThat(client.read()).contains("welcome");
            clients.add(client);
        }
        return clients;
    }

    /** It closes its port right after it says that it stops. */
    private static void awaitClosed(ServerProcess server) {
        long end = System.nanoTime() + RawClient.PATIENCE.toNanos();
        while (isOpen(server)) {
            assertThat(System.nanoTime()).as("the port is open").isLessThan(end);
        }
    }

    private static boolean isOpen(ServerProcess server) {
        try {
            RawClient.tcp(server.port()).close();
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static String get(ServerProcess server, String path) {
        try (RawClient operator = RawClient.tcp(server.adminPort())) {
            operator.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return operator.readAll();
        }
    }
}
