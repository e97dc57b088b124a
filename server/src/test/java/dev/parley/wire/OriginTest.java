// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.rawclient.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A publishable key with origins is for these pages, and by default other pages get a close code. */
class OriginTest {

    private static final String KEY = "/v1?key=pk_live_pages";

    private static TestServer server;
    private static TestServer strict;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> server.port(), "key=pk_live_open");

    @BeforeAll
    static void start() {
        server = TestServer.start(settings().build());
        strict = TestServer.start(settings().strictHttpReject().build());
    }

    @AfterAll
    static void stop() {
        server.close();
        strict.close();
    }

    private static SettingsBuilder settings() {
        return new SettingsBuilder()
                .apps(AppSettings.of(
                        "one",
                        List.of(
                                key(
                                        "pk_live_pages",
                                        "https://app.example.com",
                                        "http://[::1]:3000",
                                        "http://xn--bcher-kva.example"),
                                key("pk_live_any", "https://app.example.com", "*"),
                                key("pk_live_open")),
                        List.of()));
    }

    private static PublishableKey key(String id, String... origins) {
        return new PublishableKey(id, KeyRights.all(), List.of(origins));
    }

    static List<List<String>> foreign() {
        List<List<String>> foreign = new ArrayList<>();
        for (String origin : List.of(
                "https://app.example.com.evil.example",
                "https://evil-app.example.com",
                "https://evil.example/https://app.example.com",
                "https://app.example.comevil.example",
                "https://app.example.com@evil.example",
                "https://evil@app.example.com",
                "https://app.example.com:443",
                "https://app.example.com:8443",
                "https://app.example.com:",
                "http://app.example.com",
                "wss://app.example.com",
                "HTTPS://app.example.com",
                "https://APP.example.com",
                "https://app.example.com/",
                "https://app.example.com.",
                "https://app.example.com/page",
                "https://app.example.com?",
                "https://app.example.com#",
                "https://sub.app.example.com",
                "https://example.com",
                "https://app%2eexample.com",
                "https://app.example.com, https://app.example.com",
                "https://app.example.com https://evil.example",
                "app.example.com",
                "//app.example.com",
                "null",
                "",
                "*",
                "http://[::1]",
                "http://[::1]:3001",
                "http://[0:0:0:0:0:0:0:1]:3000",
                "http://127.0.0.1:3000",
                "http://b\u00FCcher.example",
                "http://xn--bcher-kvb.example",
                "file://",
                "chrome-extension://app.example.com")) {
            foreign.add(List.of("Origin: " + origin));
        }
        foreign.add(List.of());
        foreign.add(List.of("Origin: https://app.example.com", "Origin: https://app.example.com"));
        foreign.add(List.of("Origin: https://evil.example", "Origin: https://app.example.com"));
        foreign.add(List.of("Origin: https://app.example.com", "oRiGiN: https://evil.example"));
        foreign.add(List.of("Origin: https://evil.example", "Referer: https://app.example.com/"));
        foreign.add(List.of("Sec-WebSocket-Origin: https://app.example.com"));
        return foreign;
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void aForeignPageIsUpgradedAndToldByTheCloseCode(List<String> origin) {
        try (RawClient client = server.open(KEY, headers(origin))) {
            assertThat(client.read()).isEqualTo(HostileTokens.INVALID);
        }
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void strictlyItIsNotUpgraded(List<String> origin) {
        assertThat(strictAnswer(KEY, headers(origin)))
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("\r\ncontent-type: application/json\r\n")
                .doesNotContainIgnoringCase("access-control")
                .endsWith("\r\n\r\n{\"error\":\"origin_not_allowed\",\"message\":\"the key may not be used here\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com", "http://[::1]:3000", "http://xn--bcher-kva.example"})
    void aPageOfTheKeyIsWelcomed(String origin) {
        for (TestServer each : List.of(server, strict)) {
            try (RawClient client = each.open(KEY, headers(List.of("Origin: " + origin)))) {
                assertThat(client.read()).contains("welcome");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pk_live_any", "pk_live_open"})
    void aKeyForAllPagesAsksNobody(String key) {
        for (List<String> origin : List.of(List.<String>of(), List.of("Origin: null"), List.of("Origin: https://x"))) {
            try (RawClient client = strict.open("/v1?key=" + key, headers(origin))) {
                assertThat(client.read()).contains("welcome");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/v1?token=", "/v1?token=garbage", "/v1?token=a.b.c", "/v1?token=%zz", "/v1?x=1"})
    void strictlyWhatIsNoCredentialIsNotUpgraded(String path) {
        assertThat(strictAnswer(path, headers(List.of())))
                .startsWith("HTTP/1.1 401 ")
                .endsWith("{\"error\":\"invalid_token\",\"message\":\"no valid credential\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1?key=pk_live_none", "/v1?key=", "/v1?token={token}"})
    void strictlyWhatMustBeLookedUpIsStillToldByTheCloseCode(String path) {
        String token = Forge.token(Forge.header("HS256", "sk_id_none"), Forge.claims("alice"), it -> new byte[32]);
        try (RawClient client = strict.open(path.replace("{token}", token), headers(List.of()))) {
            assertThat(client.read()).isEqualTo(HostileTokens.INVALID);
        }
    }

    @Test
    void strictlyAPlainRequestIsStillToldWhatThisIs() {
        try (RawClient client = RawClient.tcp(strict.port())) {
            client.send("GET /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ");
        }
    }

    private static String strictAnswer(String path, String... headers) {
        try (RawClient client = RawClient.tcp(strict.port())) {
            client.send(RawClient.handshake(path, headers));
            return client.readAll();
        }
    }

    private static String[] headers(List<String> origin) {
        List<String> headers = new ArrayList<>(origin);
        headers.add("Host: localhost");
        return headers.toArray(String[]::new);
    }
}
