// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.wire.AutobahnRun;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The Autobahn suite against the pipeline of production: only the dialect behind it is another, see PipelineTest. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class AutobahnTest {

    private static final int CASES = 246;

    /** How long the suite may go on without a new connection, of which each case makes one. */
    private static final int STALL_MINUTES = 5;

    private static final List<String> GOOD = List.of("OK", "NON_STRICT", "INFORMATIONAL");

    /** Invalid UTF-8 in a frame that has not arrived whole: told when it has, which the suite calls non-strict. */
    private static final List<String> NON_STRICT = List.of("6.4.3", "6.4.4");

    private static final Pattern LIBRARIES = Pattern.compile(".*(jython|autobahn|json-simple|test-classes).*");
    private static final List<String> FLAGS = List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");

    @Test
    void noneOf246CasesFailsOrClosesWithAWrongCode() throws IOException, InterruptedException {
        try (NettyTransport transport =
                new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults())) {
            AtomicInteger connections = new AtomicInteger();
            Dialect dialect = new CountedDialect(new EchoDialect(transport.frames()), connections);
            ListenerServices echo = ListenerServices.local(List.of(dialect), Map.of());
            int port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), echo);

            List<Outcome> outcomes = run("ws://127.0.0.1:" + port, connections);

            System.err.println("behaviour " + count(outcomes, Outcome::behaviour));
            System.err.println("close     " + count(outcomes, Outcome::close));
            assertThat(outcomes).hasSize(CASES);
            assertThat(outcomes).allSatisfy(it -> assertThat(it.behaviour()).isIn(GOOD));
            assertThat(outcomes).allSatisfy(it -> assertThat(it.close()).isIn(GOOD));
            assertThat(outcomes)
                    .filteredOn(it -> it.behaviour().equals("NON_STRICT"))
                    .extracting(Outcome::name)
                    .isSubsetOf(NON_STRICT);
        }
    }

    /** Runs the suite in a JVM of its own, its reports and its output under target/autobahn. */
    private static List<Outcome> run(String url, AtomicInteger connections) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "autobahn"));
        Path output = folder.resolve("output.txt");
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> LIBRARIES.matcher(entry).matches())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(FLAGS);
        builder.command().addAll(List.of("-cp", classPath, AutobahnRun.class.getName(), url));
        Process suite = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int before = -1;
            while (!suite.waitFor(STALL_MINUTES, TimeUnit.MINUTES)) {
                int now = connections.get();
                assertThat(now).as("connections of the suite, which stalls").isGreaterThan(before);
                before = now;
            }
        } finally {
            suite.destroyForcibly();
        }
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith(AutobahnRun.RESULT))
                .map(line -> line.split(" "))
                .map(words -> new Outcome(words[1], words[2], words[3]))
                .toList();
    }

    private static Map<String, Long> count(List<Outcome> outcomes, Function<Outcome, String> what) {
        return outcomes.stream().collect(Collectors.groupingBy(what, TreeMap::new, Collectors.counting()));
    }

    /** Counts the connections of another dialect. */
    private record CountedDialect(Dialect dialect, AtomicInteger connections) implements Dialect {

        @Override
        public String name() {
            return dialect.name();
        }

        @Override
        public boolean serves(String path) {
            return dialect.serves(path);
        }

        @Override
        public Reception receive(ClientRequest request) {
            connections.incrementAndGet();
            return dialect.receive(request);
        }
    }

    private record Outcome(String name, String behaviour, String close) {}
}
