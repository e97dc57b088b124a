// SPDX-License-Identifier: Apache-2.0
package dev.parley.rawclient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@code redis-server} of its own, on a free port of this machine. Ends with {@link #close}. */
public final class RedisServer implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final long READY_MILLIS = 10_000;

    private final Process process;
    private final int port;
    private final int tlsPort;

    private RedisServer(Process process, int port) {
        this(process, port, 0);
    }

    private RedisServer(Process process, int port, int tlsPort) {
        this.process = process;
        this.port = port;
        this.tlsPort = tlsPort;
    }

    /**
     * Starts one that keeps nothing.
     *
     * @param options more of its options
     */
    public static RedisServer start(Path folder, String... options) {
        return start(folder, Map.of(), options);
    }

    /**
     * Starts one that keeps nothing.
     *
     * @param environment more variables of its process
     * @param options more of its options
     */
    public static RedisServer start(Path folder, Map<String, String> environment, String... options) {
        for (int attempt = 0; ; attempt++) {
            int port = freePort();
            RedisServer server = new RedisServer(run(folder, environment, command(folder, port, options)), port);
            if (server.isReady()) {
                return server;
            }
            server.close(); // somebody else took the port
            if (attempt == ATTEMPTS) {
                throw new AssertionError("redis-server does not start in " + folder);
            }
        }
    }

    /** Starts one that speaks TLS at a second port, {@link #tlsPort}. */
    public static RedisServer startWithTls(Path folder, Path certificate, Path key) {
        for (int attempt = 0; ; attempt++) {
            int tlsPort = freePort();
            String[] options = {
                "--tls-port", Integer.toString(tlsPort),
                "--tls-cert-file", certificate.toString(),
                "--tls-key-file", key.toString(),
                "--tls-auth-clients", "no"
            };
            int port = freePort();
            RedisServer server = new RedisServer(run(folder, Map.of(), command(folder, port, options)), port, tlsPort);
            if (server.isReady()) {
                return server;
            }
            server.close(); // a port is taken, or both are the same
            if (attempt == ATTEMPTS) {
                throw new AssertionError("redis-server does not start in " + folder);
            }
        }
    }

    /** Starts a Sentinel that alone decides when a primary is gone: one second after its last word. */
    public static RedisServer startSentinel(Path folder, RedisServer primary, String name) {
        int port = freePort();
        Path file = folder.resolve("sentinel.conf");
        try {
            Files.writeString(file, """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor %s 127.0.0.1 %d 1
                    sentinel down-after-milliseconds %s 1000
                    """.formatted(port, name, primary.port, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RedisServer sentinel =
                new RedisServer(run(folder, Map.of(), List.of("redis-server", file.toString(), "--sentinel")), port);
        if (!sentinel.isReady()) {
            throw new AssertionError("the Sentinel does not start in " + folder);
        }
        return sentinel;
    }

    /** Ends it, and starts another one at its address, which knows nothing. */
    public RedisServer restart(Path folder, String... options) {
        close();
        RedisServer next = new RedisServer(run(folder, Map.of(), command(folder, port, options)), port);
        if (!next.isReady()) {
            throw new AssertionError("redis-server does not start again in " + folder);
        }
        return next;
    }

    /** Has it do a command, and returns the first line of its reply. */
    public String command(String words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader reply =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.getOutputStream().write((words + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(reply.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many bytes its keys and buffers take now. */
    public long memory() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader reply =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.getOutputStream().write("INFO memory\r\n".getBytes(StandardCharsets.US_ASCII));
            String line = reply.readLine();
            while (!line.startsWith("used_memory:")) {
                line = reply.readLine();
            }
            return Long.parseLong(line.substring(line.indexOf(':') + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path folder, int port, String... options) {
        List<String> command = new ArrayList<>(List.of("redis-server", "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
        command.addAll(List.of(options));
        return command;
    }

    private static Process run(Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.to(folder.resolve("redis.log").toFile()));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isReady() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS);
        while (process.isAlive() && System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                int first = socket.getInputStream().read();
                if (first == '+' || first == '-') { // it may ask for a password
                    return process.isAlive();
                }
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** The port where it speaks TLS; 0 if it does not. */
    public int tlsPort() {
        return tlsPort;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
