// SPDX-License-Identifier: Apache-2.0
package dev.parley.rawclient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Parley in a process of its own, with the JVM flags it has in production and some more. */
public final class ServerProcess implements AutoCloseable {

    /** Ends a start that hangs. No bound on how long a start takes: that of a JVM on a busy machine may take long. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private static final Pattern READY = Pattern.compile(".* ready: .*websocket wss?://127[.]0[.]0[.]1:([0-9]+)/.*");

    /** The tests may run with SIGHUP ignored, as under nohup, and children inherit that. */
    private static final List<String> HEEDING_HANG_UP = List.of("env", "--default-signal=HUP");

    private static final Pattern ADMIN = Pattern.compile(".* ready: .*admin http://127[.]0[.]0[.]1:([0-9]+)/.*");

    private final Process process;
    private final int port;
    private final Queue<String> lines;
    private final Thread reading;

    private ServerProcess(Process process, int port, Queue<String> lines, Thread reading) {
        this.process = process;
        this.port = port;
        this.lines = lines;
        this.reading = reading;
    }

    /**
     * Starts it as {@code ./parley} does, on ports that are free, and returns when it is ready.
     *
     * @param distribution the folder it was built in
     * @param flags more flags for its JVM
     */
    public static ServerProcess start(Path distribution, String... flags) {
        return start(distribution, List.of(flags), List.of());
    }

    /**
     * Starts it, see {@link #start(Path, String...)}.
     *
     * @param arguments more arguments of the command {@code serve}
     */
    public static ServerProcess serve(Path distribution, String... arguments) {
        return start(distribution, List.of(), List.of(arguments));
    }

    /** Starts a server with more flags for its JVM and more arguments of the command {@code serve}. */
    public static ServerProcess start(Path distribution, List<String> flags, List<String> arguments) {
        Path jar = distribution.resolve("parley.jar");
        if (!Files.exists(jar)) {
            throw new AssertionError("there is no " + jar + ": run mvn package -Dmaven.test.skip=true");
        }
        List<String> command = new ArrayList<>(HEEDING_HANG_UP);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + distribution.resolve("jvm.options"));
        command.add("-XX:AOTCache=" + distribution.resolve("parley.aot"));
        command.add("-Djava.library.path=" + distribution.resolve("lib").resolve("native"));
        command.addAll(flagsOfEnvironment());
        command.addAll(flags);
        command.addAll(List.of("-cp", jar.toString(), "dev.parley.Main"));
        command.addAll(List.of("serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Thread reading = Thread.ofPlatform().daemon().start(() -> read(process, port, lines));
        try {
            return new ServerProcess(process, port.get(READY_WITHIN.toSeconds(), TimeUnit.SECONDS), lines, reading);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("the server did not start", e);
        }
    }

    /** What {@code ./parley} passes to the JVM. */
    private static List<String> flagsOfEnvironment() {
        String options = System.getenv("JAVA_OPTS");
        return options == null || options.isBlank()
                ? List.of()
                : List.of(options.strip().split(" +"));
    }

    /** Tells the port when the server is ready, and reads on until it ends: a full pipe would stop it. */
    private static void read(Process process, CompletableFuture<Integer> port, Queue<String> lines) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null) {
                lines.add(line);
                Matcher ready = READY.matcher(line);
                if (ready.matches()) {
                    port.complete(Integer.parseInt(ready.group(1)));
                }
                line = output.readLine();
            }
            port.completeExceptionally(new IOException("its output ended"));
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
    }

    /** Where it listens, on loopback. */
    public int port() {
        return port;
    }

    /** Where operators look, on loopback. */
    public int adminPort() {
        return lines.stream()
                .map(ADMIN::matcher)
                .filter(Matcher::matches)
                .map(admin -> Integer.parseInt(admin.group(1)))
                .findFirst()
                .orElseThrow();
    }

    /** What it has printed so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Identifies the process on this machine. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Memory of the process that is in RAM, in MiB, as Linux counts it. */
    public long residentMebibytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files and sockets it has open, as Linux counts them. */
    public long openFiles() {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGHUP. */
    public void hangUp() {
        try {
            new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until it has printed a line that holds this text. */
    public void awaitLine(String text) {
        long end = System.nanoTime() + RawClient.PATIENCE.toNanos();
        while (lines.stream().noneMatch(line -> line.contains(text))) {
            if (System.nanoTime() - end > 0 || !process.isAlive()) {
                throw new AssertionError("never printed: " + text + "\n" + String.join("\n", lines));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Asks it to stop, and returns at once. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy would also throw away what was not read yet
    }

    /** The exit code, when it has ended and all it printed is read. */
    public int exitCode() {
        try {
            if (!process.waitFor(RawClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the server did not stop when asked to");
            }
            reading.join(RawClient.PATIENCE);
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        terminate();
        exitCode();
    }
}
