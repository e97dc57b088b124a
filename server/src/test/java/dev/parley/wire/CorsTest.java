// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.rawclient.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** No page of elsewhere may read an answer, and no answer repeats what the client said of itself or of us. */
class CorsTest {

    /** Every kind of path there is. */
    static final List<String> PATHS = List.of(
            "/",
            "/page.js",
            "/minimal",
            "/minimal/a",
            "/health",
            "/v1",
            "/v1/a",
            "/marker",
            "/nothing",
            "//",
            "/a".repeat(40_000),
            "*");

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private static final List<String> ORIGINS =
            List.of("https://foreign.example", "null", "http://localhost", "https://localhost.foreign.example");

    private static final String PREFLIGHT = "Access-Control-Request-Method: GET\r\n"
            + "Access-Control-Request-Headers: authorization\r\nAccess-Control-Request-Private-Network: true\r\n";
    private static final String SPOOF = "X-Forwarded-Host: foreign.example\r\nX-Forwarded-Proto: foreign.example\r\n"
            + "Forwarded: host=foreign.example\r\nX-Original-URL: /foreign.example\r\n";

    /** What else is in a request, each with an answer of its own. */
    private static final List<String> REST = List.of(
            "",
            "Content-Length: 0\r\n",
            "Content-Length: 1000000\r\n",
            "Content-Length: x\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Cookie: a=b\r\n".repeat(200),
            "Upgrade: websocket\r\n",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n");

    private static RecordingServer open;
    private static TestServer development;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> development.port(), "key=pk_live_demo");

    @BeforeAll
    static void start() {
        open = RecordingServer.start(ClientLimits.defaults());
        development = TestServer.start();
    }

    @AfterAll
    static void stop() {
        open.close();
        development.close();
    }

    @ParameterizedTest
    @FieldSource("PATHS")
    void noAnswerIsForPagesOfElsewhereNorRepeatsAName(String path) {
        for (String request : requests(path)) {
            for (int port : new int[] {open.port(), development.port(), development.adminPort()}) {
                assertThat(answer(port, request))
                        .as(request.substring(0, Math.min(300, request.length())))
                        .startsWith("HTTP/1.1 ")
                        .doesNotContainIgnoringCase("\r\naccess-control-")
                        .doesNotContainIgnoringCase("\r\nlocation:")
                        .doesNotContain("foreign.example");
            }
        }
    }

    private static List<String> requests(String path) {
        List<String> requests = new ArrayList<>();
        for (String method : METHODS) {
            for (String origin : ORIGINS) {
                String head =
                        method + " " + path + " HTTP/1.1\r\nConnection: close\r\nOrigin: " + origin + "\r\n" + SPOOF;
                requests.add(head + "Host: localhost\r\n" + PREFLIGHT + "\r\n");
                requests.add(head + "Host: foreign.example\r\n\r\n");
            }
        }
        for (String rest : REST) {
            requests.add("GET " + path
                    + " HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nOrigin: https://foreign.example\r\n" + SPOOF
                    + rest + "\r\n");
        }
        return requests;
    }

    private static String answer(int port, String request) {
        try (RawClient client = RawClient.tcp(port)) {
            client.send(request);
            return client.readAll();
        }
    }
}
