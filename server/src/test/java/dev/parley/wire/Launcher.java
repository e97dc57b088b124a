// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server started by {@code ./parley} as it is unpacked from the tarball, which becomes the server. */
final class Launcher implements AutoCloseable {

    private static final Path DISTRIBUTION = Path.of("target", "parley").toAbsolutePath();
    private static final Pattern RELEASE = Pattern.compile("(?:JAVA_RUNTIME_VERSION|IMPLEMENTOR)=\"(.*)\".*");
    private static final long SIGTERM = 1L << 14;
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;

    private Launcher(Process process) {
        this.process = process;
    }

    /** Lays the distribution out in this folder, which is empty, with the start-up cache of this JDK. */
    static void unpack(Path folder) throws IOException {
        Files.copy(Path.of("..", "parley"), folder.resolve("parley"));
        for (String name : new String[] {"jvm.options", "lib", "parley.jar"}) {
            Files.createSymbolicLink(folder.resolve(name), DISTRIBUTION.resolve(name));
        }
        Files.createSymbolicLink(folder.resolve("parley" + release() + ".aot"), DISTRIBUTION.resolve("parley.aot"));
    }

    private static String release() throws IOException {
        StringBuilder release = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(System.getProperty("java.home"), "release"))) {
            Matcher matcher = RELEASE.matcher(line);
            if (matcher.matches()) {
                release.append('-').append(matcher.group(1).replaceAll("[^A-Za-z0-9.]", "_"));
            }
        }
        return release.toString();
    }

    /** Starts it on free ports. */
    static Launcher start(Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        folder.resolve("parley").toString(),
                        "serve",
                        "--listen",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new Launcher(builder.start());
    }

    /** Waits until the process holds SIGTERM: before, not one instruction of ours may have run. */
    void awaitHeld() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long begin = System.nanoTime();
        while ((mask(status, "SigBlk:") & mask(status, "SigIgn:") & SIGTERM) == 0) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new AssertionError("SIGTERM was never held");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static long mask(Path status, String name) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** The exit code when it has ended. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
