// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, their clients, and the answers to wrong requests: docs/protocol.md, "Paths". */
class HttpTest {

    private static final String HOST = "Host: localhost\r\n";

    private static TestServer server;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> server.port(), "key=pk_live_demo");

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/minimal/a", "/minimal/A-z_09", "/?x=1"})
    void aWebSocketIsServedOnTheseTargets(String target) {
        assertThat(answer(RawClient.handshake(target, "Host: localhost"))).startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2",
                "/minimal",
                "/minimal/",
                "/minimal/a/b",
                "/minimal/a%20b",
                "/minimal/a.b",
                "//",
                "/../minimal/a"
            })
    void aWebSocketElsewhereIs404(String target) {
        assertThat(answer(RawClient.handshake(target, "Host: localhost"))).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aRoomNameOfSixtyFourCharactersPassesAndOneMoreDoesNot() {
        assertThat(answer(RawClient.handshake("/minimal/" + "r".repeat(64), "Host: localhost")))
                .contains(" 101 ");
        assertThat(answer(RawClient.handshake("/minimal/" + "r".repeat(65), "Host: localhost")))
                .contains(" 404 ");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,200",
        "HEAD,/,200",
        "GET,/minimal,200",
        "GET,/health,200",
        "GET,/nothing,404",
        "POST,/,405",
        "GET,/minimal/a,426"
    })
    void plainRequestsAreAnswered(String method, String target, int status) {
        assertThat(answer(method + " " + target + " HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void whereNoCallPageIsConfiguredTheAnswerNamesTheSetting(@TempDir Path folder) {
        String yaml = "apps: [{id: a, publishableKeys: [{id: pk, channels: [\"**\"], actions: [send]}]}]\n";
        try (TestServer bare = TestServer.configured(folder, yaml);
                RawClient client = RawClient.tcp(bare.port())) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 404 ").contains("page.key", "/v1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/minimal"})
    void aPageAndAllItsOwnFilesAreServed(String path) {
        assertThat(filesOf(server.port(), path)).contains("/names.js", "/metronome.js", "/icon.svg");
    }

    @Test
    void theTwoTabPageHasAllItsFilesWhereThereIsNoCallPage(@TempDir Path folder) {
        String yaml = "minimal: {enabled: true, origins: [\"*\"]}\n"
                + "apps: [{id: a, publishableKeys: [{id: pk, channels: [\"**\"], actions: [send]}]}]\n";
        try (TestServer bare = TestServer.configured(folder, yaml)) {
            assertThat(filesOf(bare.port(), "/minimal")).contains("/names.js", "/minimal/media.js");
        }
    }

    /** Returns the paths of the files that a page loads, after each was answered with 200. */
    private static Set<String> filesOf(int port, String path) {
        String page = wholeAnswer(port, path);
        assertThat(page).contains("default-src 'none'; script-src 'self'").contains("<!doctype html>");

        Deque<String> unread = new ArrayDeque<>(filesNamedIn(page));
        Set<String> read = new HashSet<>();
        while (!unread.isEmpty()) {
            String file = unread.remove();
            if (read.add(file)) {
                String answer = wholeAnswer(port, file);
                assertThat(answer).as(file).startsWith("HTTP/1.1 200 ");
                unread.addAll(filesNamedIn(answer));
            }
        }
        return read;
    }

    @Test
    void theBrowserClientIsServedToPagesOfAnywhere() {
        Map<String, String> files =
                Map.of("/parley.js", "var Parley=", "/parley-media.js", "LocalMedia", "/parley-data.js", "openChannel");
        files.forEach((path, content) -> {
            assertThat(wholeAnswer(server.port(), path))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nAccess-Control-Allow-Origin: *\r\n")
                    .containsIgnoringCase("\r\ncontent-type: text/javascript; charset=utf-8\r\n")
                    .contains(content);
        });
    }

    private static List<String> filesNamedIn(String text) {
        return Pattern.compile("['\"](/[a-z/-]+[.](?:js|css|svg))['\"]")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String wholeAnswer(int port, String path) {
        try (RawClient client = RawClient.tcp(port)) {
            client.send("GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
            return client.readAll();
        }
    }

    @Test
    void healthSaysOnlyThatItIsOkOnBothListeners() {
        for (int port : new int[] {server.port(), server.adminPort()}) {
            try (RawClient client = RawClient.tcp(port)) {
                client.send("GET /health HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
                assertThat(client.readAll()).endsWith("\r\n\r\n{\"status\":\"ok\"}");
            }
        }
    }

    @Test
    void requestsOnOneConnectionAreAnsweredInOrder() {
        try (RawClient client = RawClient.tcp(server.port())) {
            String health = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
            client.send(health + health.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));

            assertThat(client.readAll()).containsSubsequence("ok", "HTTP/1.1 200 ", "ok");
        }
    }

    @Test
    void whatIsSentBehindTheHandshakeIsTheFirstMessage() {
        try (RawClient first = server.open("/minimal/early")) {
            first.read();
            try (RawClient eager = RawClient.tcp(server.port())) {
                byte[] head = RawClient.handshake("/minimal/early", "Host: localhost")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                byte[] frame = RawClient.frame(0x81, new byte[] {'h', 'i'});
                byte[] both = java.util.Arrays.copyOf(head, head.length + frame.length);
                System.arraycopy(frame, 0, both, head.length, frame.length);
                eager.send(both);

                assertThat(eager.readHead()).startsWith("HTTP/1.1 101 ");
                assertThat(first.read()).isEqualTo("text {\"type\":\"ready\"}");
                assertThat(first.read()).isEqualTo("text hi");
            }
        }
    }

    @Test
    void theHandshakeIsAnsweredWithTheValueOfRfc6455() {
        assertThat(answer(RawClient.handshake("/minimal/rfc", "Host: localhost")))
                .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                .doesNotContainIgnoringCase("sec-websocket-extensions");
    }

    @ParameterizedTest
    @MethodSource
    void aBadHandshakeIsRefusedAndNeverHalfUpgraded(String request, int status) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request);

            String answer = client.readAll();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            assertThat(answer.split("HTTP/1.1 [0-9]", -1)).hasSize(2);
        }
    }

    static Stream<Arguments> aBadHandshakeIsRefusedAndNeverHalfUpgraded() {
        String good = RawClient.handshake("/", "Host: localhost");
        String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        return Stream.of(
                Arguments.of(good.replace("Version: 13", "Version: 8"), 426),
                Arguments.of(good.replace("Version: 13", "Version: 99"), 426),
                Arguments.of(good.replace("Sec-WebSocket-Version: 13\r\n", ""), 426),
                Arguments.of(good.replace(key, ""), 400),
                Arguments.of(good.replace(key, key + key), 400),
                Arguments.of(good.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), 400),
                Arguments.of(good.replace("dGhlIHNhbXBsZSBub25jZQ==", "not base64!"), 400),
                Arguments.of(good.replace("GET", "POST"), 400),
                Arguments.of(good.replace("HTTP/1.1", "HTTP/1.0"), 400),
                Arguments.of(good.replace("Connection: Upgrade", "Connection: keep-alive"), 400),
                Arguments.of(
                        good.replace("Upgrade: websocket\r\n", "Upgrade: websocket\r\nContent-Length: 5\r\n"), 400));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsNotAProperRequestIsRefusedOnce(String request, String status) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request);

            String answer = client.readAll();
            assertThat(answer).matches("(?s)HTTP/1.1 (" + status + ") .*");
            assertThat(answer.split("HTTP/1.1 [0-9]", -1)).hasSize(2);
        }
    }

    static Stream<Arguments> whatIsNotAProperRequestIsRefusedOnce() {
        String next = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
        return Stream.of(
                Arguments.of("nonsense\r\n\r\n", "400"),
                Arguments.of("\u0001GET / HTTP/1.1\r\n" + HOST + "\r\n", "400"),
                Arguments.of("GET / HTTP/1.1\r\n\r\n", "400"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n", "400"),
                Arguments.of("GET http://localhost/ HTTP/1.1\r\n" + HOST + "\r\n", "400"),
                Arguments.of("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc" + next, "400"),
                Arguments.of(
                        "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc" + next,
                        "400"),
                Arguments.of(
                        "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                + next,
                        "400"),
                Arguments.of(
                        "GET / HTTP/1.1\r\n" + HOST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + next, "400"),
                Arguments.of("GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n" + HOST + "\r\n", "414"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "Cookie: " + "c".repeat(70_000) + "\r\n\r\n", "431"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(101) + "not even ended", "431"),
                Arguments.of("GET / HTTP/1.2\r\n" + HOST + "\r\n", "505"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:65535"})
    void loopbackHostsAreAnswered(String host) {
        assertThat(answer("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "localhost.example.com",
                "example.com:8080",
                "127.0.0.1.example.com",
                "localhost@example.com",
                "127.0.0.2",
                "127.1",
                "0.0.0.0",
                "[::2]",
                "::1",
                "localhost:",
                "localhost:8080:9090",
                "xlocalhost",
                "10.0.0.1"
            })
    void foreignHostsAreRefusedOnBothListeners(String host) {
        for (int port : new int[] {server.port(), server.adminPort()}) {
            try (RawClient client = RawClient.tcp(port)) {
                client.send("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.readAll()).startsWith("HTTP/1.1 403 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:3000",
                "https://localhost",
                "http://127.0.0.1:8080",
                "http://[::1]:1",
                "HTTP://LOCALHOST"
            })
    void pagesOfThisMachineMayConnect(String origin) {
        assertThat(answer(RawClient.handshake("/minimal/origin", "Host: localhost", "Origin: " + origin)))
                .startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "null",
                "http://localhost.example.com",
                "http://localhost:3000.example.com",
                "http://example.com#http://localhost",
                "http://localhost@example.com",
                "file://",
                "localhost",
                "http://",
                "http://127.0.0.1.nip.example",
                "chrome-extension://localhost",
                "http://localhost/",
                "http://localhost http://example.com"
            })
    void foreignPagesMayNotConnectNorRead(String origin) {
        assertThat(answer(RawClient.handshake("/minimal/origin", "Host: localhost", "Origin: " + origin)))
                .startsWith("HTTP/1.1 403 ");
        assertThat(answer("GET /health HTTP/1.1\r\n" + HOST + "Origin: " + origin + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "x-real-ip: 127.0.0.1",
                "Forwarded: for=127.0.0.1",
                "Via: 1.1 proxy",
                "X-Forwarded-For:"
            })
    void whatComesThroughAProxyIsNotOfThisMachineAndOperatorsMayHaveOne(String header) {
        assertThat(answer(RawClient.handshake("/minimal/proxy", "Host: localhost", header)))
                .startsWith("HTTP/1.1 403 ");
        assertThat(answer("GET /health HTTP/1.1\r\n" + HOST + header + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        try (RawClient operator = RawClient.tcp(server.adminPort())) {
            operator.send("GET /health HTTP/1.1\r\n" + HOST + header + "\r\nConnection: close\r\n\r\n");
            assertThat(operator.readAll()).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ready", "/metrics", "/admin", "/debug"})
    void whatIsForOperatorsIsNotPublic(String path) {
        assertThat(answer("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aPageThatWasOpenedAsAFileGetsTheReason() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake("/", "Host: localhost", "Origin: null"));
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 403 ")
                    .contains("A page opened as a file has the origin null.");
        }
    }

    @Test
    void aSecondForeignOriginIsNotOverlooked() {
        assertThat(answer(RawClient.handshake(
                        "/", "Host: localhost", "Origin: http://localhost", "Origin: https://example.com")))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void aClientThatAsksWithoutReadingIsCutOff() {
        try (RawClient client = RawClient.tcp(server.port(), 4096)) {
            String request = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
            byte[] many = request.repeat(500).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            long sent = 0;
            try {
                while (sent < 1L << 30) {
                    client.send(many);
                    sent += many.length;
                }
            } catch (java.io.UncheckedIOException e) {
                // reset by the server, as it should be
            }

            assertThat(sent).isLessThan(64 << 20);
        }
    }

    private static String answer(String request) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request);
            return client.readHead();
        }
    }

    @Test
    void aClientOfHttp10IsAnsweredAndTheConnectionEnded() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send("GET /health HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n");

            assertThat(client.readAll())
                    .containsIgnoringCase("connection: close\r\n")
                    .endsWith("{\"status\":\"ok\"}");
        }
    }
}
