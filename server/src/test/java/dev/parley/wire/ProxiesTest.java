// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Odd requests through real proxies, which stamp each request they forward and send those of many clients over the same
 * connections: we see no request but theirs, and give no more answers than they sent requests.
 */
@DisabledIfSystemProperty(named = "skip.proxies", matches = "|true")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class ProxiesTest {

    private static final String SKIP = "skip.proxies";
    private static final String STAMP = "x-stamp";
    private static final Pattern STAMPED = Pattern.compile("\r\n" + STAMP + ": ", Pattern.CASE_INSENSITIVE);
    private static final Pattern ANSWER = Pattern.compile("HTTP/1[.]1 (?!100)[0-9]{3} ");
    private static final int AT_ONCE = 16;

    /** As tolerant as it can be made, so that more of the requests reach us. */
    private static final String HAPROXY = """
            defaults
              mode http
              timeout connect 2s
              timeout client 1s
              timeout server 1s
              timeout http-request 1s
              timeout tunnel 1s
            frontend near
              bind 127.0.0.1:%d
              option accept-invalid-http-request
              http-request set-header X-Stamp %%[uuid()]
              default_backend far
            backend far
              http-reuse always
              server parley 127.0.0.1:%d
            """;

    private static final String NGINX = """
            daemon off;
            master_process off;
            pid nginx.pid;
            events {}
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              client_header_timeout 1s;
              client_body_timeout 1s;
              proxy_read_timeout 1s;
              lingering_close off;
              large_client_header_buffers 4 64k;
              ignore_invalid_headers off;
              merge_slashes off;
              map $http_upgrade $wish { default upgrade; '' ''; }
              upstream far { server 127.0.0.1:%2$d; keepalive 8; }
              server {
                listen 127.0.0.1:%1$d;
                location / {
                  proxy_pass http://far;
                  proxy_http_version 1.1;
                  proxy_request_buffering off;
                  proxy_set_header Host $http_host;
                  proxy_set_header Connection $wish;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header X-Stamp $request_id;
                }
              }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void haproxy() throws IOException, InterruptedException {
        Path haproxy = Program.find("haproxy", SKIP);
        behind(HAPROXY, configuration -> List.of(haproxy.toString(), "-db", "-f", configuration));
    }

    @Test
    void nginx() throws IOException, InterruptedException {
        Path nginx = Program.find("nginx", SKIP);
        behind(
                NGINX,
                configuration ->
                        List.of(nginx.toString(), "-p", folder.toString(), "-e", "stderr", "-c", configuration));
    }

    private void behind(String configuration, Command command) throws IOException, InterruptedException {
        try (RecordingServer server = RecordingServer.start(ClientLimits.defaults());
                Tap tap = new Tap(server.port())) {
            int port = freePort();
            Path file = Files.writeString(folder.resolve("proxy.conf"), configuration.formatted(port, tap.port()));
            Path output = folder.resolve("proxy.log");
            Process proxy = new ProcessBuilder(command.line(file.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                awaitListening(proxy, port, output);
                sendAll(port);
            } finally {
                proxy.destroy();
                proxy.waitFor();
            }
            check(server, tap);
        }
    }

    /** All requests, some of them at once, so that those of one client meet those of others on the way to us. */
    private static void sendAll(int port) {
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            for (RawRequest request : Stream.concat(RawRequest.all().stream(), RawRequest.large().stream())
                    .toList()) {
                clients.submit(() -> {
                    try (RawClient client = RawClient.tcp(port)) {
                        client.send(request.bytes());
                        client.send(RawRequest.MARKER);
                        client.readAll();
                    } catch (UncheckedIOException e) {
                        // the proxy had enough
                    }
                });
            }
        }
    }

    private static void check(RecordingServer server, Tap tap) {
        List<String> stamps = new ArrayList<>();
        for (RecordingServer.Seen seen : server.seen()) {
            List<String> stamp = seen.request().headers().all(STAMP);
            assertThat(stamp).as("stamps of " + seen).hasSize(1);
            stamps.addAll(stamp);
        }
        assertThat(stamps).doesNotHaveDuplicates().hasSizeGreaterThan(100);
        assertThat(tap.lines()).hasSizeGreaterThan(10).allSatisfy(line -> {
            long asked = STAMPED.matcher(line.there()).results().count();
            long answered = ANSWER.matcher(line.back()).results().count();
            assertThat(answered)
                    .as("answers to\n" + line.there() + "\nwhich are\n" + line.back())
                    .isBetween(asked - 1, asked); // the proxy may have given up the last
        });
        long sent = tap.lines().stream()
                .mapToLong(line -> STAMPED.matcher(line.there()).results().count())
                .sum();
        System.err.printf(
                "%d requests on %d connections, %d seen by the site%n",
                sent, tap.lines().size(), stamps.size());
    }

    private static void awaitListening(Process proxy, int port, Path output) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            try {
                RawClient.tcp(port).close();
                return;
            } catch (UncheckedIOException e) {
                assertThat(proxy.isAlive()
                                && Duration.ofNanos(System.nanoTime() - begin).compareTo(RawClient.PATIENCE) < 0)
                        .as(Files.readString(output, StandardCharsets.UTF_8))
                        .isTrue();
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private interface Command {
        List<String> line(String configuration);
    }
}
