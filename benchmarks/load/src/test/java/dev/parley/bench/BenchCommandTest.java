// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.cli.CommandLineInterface;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code parley bench} against a real server, with loads that are no loads. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class BenchCommandTest {

    private static LocalServer server;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        server = LocalServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** All at once: most of the time they wait for the server to have no more to say. */
    @Test
    void everyScenarioIsPlayedToItsEndAndNothingIsLost() {
        List<String> scenarios = List.of(
                "relay --connections 6 --rate 100",
                "relay --connections 6 --rate 100 --ack",
                "relay --connections 6 --rate 100 --protocol minimal",
                "relay --connections 6 --rate 100 --processes 2",
                "fanout --members 99",
                "call --connections 4",
                "handshake --connections 4",
                "join-storm --connections 30 --within 200ms",
                "reconnect-storm --connections 20",
                "relay --connections 6 --rate 100 --ack --protocol parley-v1",
                "flaky --connections 4 --rate 100 --lifetime 500ms",
                "idle --connections 20 --signaling 50 --rate 100");
        List<CompletableFuture<Void>> played = IntStream.range(0, scenarios.size())
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> assertPlayed(scenarios.get(i), folder.resolve(i + ".json")),
                        task -> Thread.ofPlatform().start(task)))
                .toList();
        assertThat(played).allSatisfy(CompletableFuture::join);
    }

    private static void assertPlayed(String scenario, Path json) {
        BenchCommandTest it = new BenchCommandTest();
        assertThat(it.bench(scenario + " --json " + json))
                .as("%s: %s%s", scenario, it.out, it.err)
                .isZero();
        try {
            JsonObject result = JsonObject.read(Files.readAllBytes(json));
            assertThat(result.string("scenario")).isEqualTo(scenario.split(" ", -1)[0]);
            assertThat(result.whole("operations").orElse(0)).isPositive();
            assertThat(result.whole("lost")).hasValue(0);
            assertThat(result.whole("errors")).hasValue(0);
            String cost = String.valueOf(result.object("server"));
            assertThat(JsonObject.read(cost.getBytes(StandardCharsets.UTF_8)).keys())
                    .contains("cpuMicrosPerOperation", "pssKilobytes");
        } catch (IOException | JsonFault e) {
            throw new AssertionError(scenario, e);
        }
    }

    @Test
    void aServerThatLetsNobodyInIsNoMeasurement() {
        assertThat(bench("relay --connections 2 --key pk_unknown")).isEqualTo(1);
        assertThat(out.toString()).contains("errors", "4001 invalid_token");
    }

    @Test
    void aServerThatIsNotThereIsNoMeasurement() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            taken.close();
            assertThat(run(
                            "relay",
                            "--connections",
                            "2",
                            "--url",
                            "ws://127.0.0.1:" + port,
                            "--warmup",
                            "0",
                            "--duration",
                            "1ms"))
                    .isEqualTo(1);
        }
        assertThat(out.toString()).contains("errors", "Connection refused");
    }

    @ParameterizedTest
    @MethodSource
    void aWrongCommandLineIsRefusedInOneLineWithExitCode2(String command, String problem) {
        assertThat(run(command.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).contains(problem).hasLineCount(1);
    }

    static List<Arguments> aWrongCommandLineIsRefusedInOneLineWithExitCode2() {
        return List.of(
                Arguments.of(
                        "walk",
                        "'walk' must be one of relay, call, fanout, join-storm, idle, handshake,"
                                + " reconnect-storm, flaky"),
                Arguments.of(
                        "relay --protocol morse",
                        "'morse' must be one of v1, parley-v1, minimal, peerjs, socketio, tcp"),
                Arguments.of("relay --connections 1", "--connections must be 2 or more"),
                Arguments.of("relay --window 0", "--window must be 1 or more"),
                Arguments.of("relay --rate -1", "--rate must not be negative"),
                Arguments.of("relay --size 63", "--size must be 64 to 65536"),
                Arguments.of("relay --warmup soon", "--warmup: 'soon' must be a time such as 500ms, 10s or 5m"),
                Arguments.of(
                        "relay --url http://127.0.0.1", "--url: 'http://127.0.0.1' must be like ws://127.0.0.1:8080"),
                Arguments.of(
                        "relay --url ws://127.0.0.1/v1", "--url: 'ws://127.0.0.1/v1' must be like ws://127.0.0.1:8080"),
                Arguments.of("relay --pid 99999999", "--pid: no process on Linux that may be looked at"),
                Arguments.of("fanout --protocol peerjs", "this protocol has no rooms to publish in"),
                Arguments.of("join-storm --protocol minimal", "this protocol has no word for joining"),
                Arguments.of("call --protocol tcp", "bare TCP only relays"),
                Arguments.of("join-storm --processes 2", "--processes must be 1: all are in one room"),
                Arguments.of("idle --signaling 101", "--signaling must be 0 to 100"),
                Arguments.of("relay --sources 0", "--sources must be 1 to 250"));
    }

    private int bench(String scenario) {
        List<String> arguments = new ArrayList<>(List.of(scenario.split(" ", -1)));
        arguments.addAll(
                List.of("--url", "ws://127.0.0.1:" + server.port(), "--warmup", "100ms", "--duration", "300ms"));
        arguments.addAll(List.of("--pid", Long.toString(ProcessHandle.current().pid())));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        return CommandLineInterface.wholeParser()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
