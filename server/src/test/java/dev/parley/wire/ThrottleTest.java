// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.AddressThrottle;
import dev.parley.config.AddressRange;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.KeyRights;
import dev.parley.config.MinimalSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.rawclient.RawClient;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that connect too often, or with bad credentials, and how the server knows them. */
class ThrottleTest {

    private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.2");
    private static final ProxySettings PROXIES =
            new ProxySettings(List.of(new AddressRange(InetAddress.ofLiteral("127.0.0.9"), 32)), false);

    @Test
    void whoAsksForTooManyWebSocketsIsToldWhenToComeBackAndOthersAreServed() {
        ClientLimits limits = new LimitsBuilder().connectsPerMinute(2).build();
        try (RecordingServer server = start(throttle(limits))) {
            assertThat(handshake(server, "127.0.0.2")).startsWith("HTTP/1.1 101 ");
            assertThat(handshake(server, "127.0.0.2")).startsWith("HTTP/1.1 101 ");

            assertThat(handshake(server, "127.0.0.2"))
                    .startsWith("HTTP/1.1 429 ")
                    .containsIgnoringCase("\r\nretry-after: 60\r\n")
                    .containsIgnoringCase("\r\nconnection: close\r\n");
            assertThat(handshake(server, "127.0.0.3")).startsWith("HTTP/1.1 101 ");
            assertThat(exchange(server, "127.0.0.2", RawRequest.MARKER)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whoFailedTooOftenIsRefusedBeforeAnythingHeSendsIsLookedAt() {
        ArrivalThrottle throttle =
                throttle(new LimitsBuilder().failuresPerMinute(1).build());
        try (RecordingServer server = start(throttle)) {
            throttle.recordFailure(CLIENT);

            assertThat(handshake(server, "127.0.0.2")).startsWith("HTTP/1.1 429 ");
            assertThat(exchange(server, "127.0.0.2", "POST /v1/a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"))
                    .startsWith("HTTP/1.1 429 ");
            assertThat(server.seen()).isEmpty();
            assertThat(handshake(server, "127.0.0.3")).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void whoFailedTooOftenIsRefusedWithAGoodCredentialTooAndOthersAreWelcome() throws InterruptedException {
        SecretKey key = new SecretKey("sk_id", new Secret("sk_secret_" + "1".repeat(40)), KeyRights.all());
        AppSettings app =
                AppSettings.of("demo", List.of(new PublishableKey("pk", KeyRights.all(), List.of())), List.of(key));
        ClientLimits limits = new LimitsBuilder().failuresPerMinute(3).build();
        try (TestServer server = TestServer.start(
                        new SettingsBuilder().apps(app).limits(limits).build());
                HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk")) {
            String good = RawClient.handshake("/v1?token=" + Forge.token(key, Forge.claims("alice")), "Host: a");
            String usage = "GET /v1/usage HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ";
            for (int i = 0; i < 3; i++) {
                assertThat(ask(server, usage + key.id() + ":guess\r\n\r\n")).startsWith("HTTP/1.1 401 ");
            }

            assertThat(ask(server, good)).startsWith("HTTP/1.1 429 ");
            assertThat(ask(server, usage + key.id() + ":" + key.secret().value() + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 429 ");
            try (RawClient elsewhere = RawClient.from("127.0.0.3", server.port());
                    RawClient backEnd = RawClient.from("127.0.0.4", server.port())) {
                elsewhere.send(good);
                assertThat(elsewhere.readHead()).startsWith("HTTP/1.1 101 ");
                assertThat(elsewhere.read()).contains("welcome");
                backEnd.send(usage + key.id() + ":" + key.secret().value() + "\r\n\r\n");
                assertThat(backEnd.readAll()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void aGoodPublishableKeyIsAdmittedWhileBadCredentialsComeFromItsAddressAndNothingElseIs() {
        SecretKey key = new SecretKey("sk_id", new Secret("sk_secret_" + "1".repeat(40)), KeyRights.all());
        String page = "Origin: https://app.example.com";
        PublishableKey open = new PublishableKey("pk", KeyRights.all(), List.of());
        PublishableKey bound = new PublishableKey("pk_page", KeyRights.all(), List.of("https://app.example.com"));
        AppSettings app = AppSettings.of("demo", List.of(open, bound), List.of(key));
        AppSettings closed = new AppSettings(
                "closed",
                false,
                List.of(new PublishableKey("pk_closed", KeyRights.all(), List.of())),
                List.of(),
                List.of(),
                AppLimits.defaults());
        ClientLimits limits = new LimitsBuilder().failuresPerMinute(3).build();
        try (TestServer server = TestServer.start(
                new SettingsBuilder().apps(app, closed).limits(limits).build())) {
            String token = "token=" + Forge.token(key, Forge.claims("alice"));
            for (int i = 0; i < 3; i++) {
                try (RawClient guess = server.open("/v1?key=pk_guess")) {
                    assertThat(guess.read()).isEqualTo("close 4001 invalid_token");
                }
            }

            for (String query : List.of(
                    "key=pk_guess", "key=pk_closed", "key=pk_page", "key=sk_id", token, token + "&key=pk", "x=1")) {
                assertThat(ask(server, RawClient.handshake("/v1?" + query, "Host: a")))
                        .as(query)
                        .startsWith("HTTP/1.1 429 ");
                assertThat(ask(server, get("/v1/ice-servers?" + query)))
                        .as(query)
                        .startsWith("HTTP/1.1 429 ");
            }
            String both = "Sec-WebSocket-Protocol: v1, key.pk, bearer." + token.substring("token=".length());
            assertThat(ask(server, RawClient.handshake("/v1", "Host: a", both))).startsWith("HTTP/1.1 429 ");
            assertThat(ask(server, get("/v1/ice-servers?key=pk", "Authorization: Bearer sk_id:guess")))
                    .startsWith("HTTP/1.1 429 ");
            assertThat(ask(server, get("/v1/usage?key=pk"))).startsWith("HTTP/1.1 429 ");

            try (RawClient client = server.open("/v1?key=pk");
                    RawClient ofPage = server.open("/v1?key=pk_page", "Host: a", page)) {
                assertThat(client.read()).contains("welcome");
                assertThat(ofPage.read()).contains("welcome");
                client.text("{\"type\":\"refresh\",\"requestId\":\"r\",\"" + token.replace("=", "\":\"") + "\"}");
                assertThat(client.read()).contains("backend_error");
            }
            assertThat(ask(server, get("/v1/ice-servers?key=pk"))).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aGoodPublishableKeyNeedsAConnectionOfItsAddressAllTheSame() {
        PublishableKey key = new PublishableKey("pk", KeyRights.all(), List.of());
        ClientLimits limits =
                new LimitsBuilder().failuresPerMinute(1).connectsPerMinute(2).build();
        try (TestServer server = TestServer.start(new SettingsBuilder()
                .apps(AppSettings.of("demo", List.of(key), List.of()))
                .limits(limits)
                .build())) {
            try (RawClient guess = server.open("/v1?key=pk_guess")) {
                assertThat(guess.read()).isEqualTo("close 4001 invalid_token");
            }
            try (RawClient client = server.open("/v1?key=pk")) {
                assertThat(client.read()).contains("welcome");
            }

            assertThat(ask(server, RawClient.handshake("/v1?key=pk", "Host: a")))
                    .startsWith("HTTP/1.1 429 ");
        }
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    // case 16
    @Test
    void strictlyTheSixtyFirstConnectionOfAMinuteIsRefusedAndAnotherAddressIsServed(@TempDir Path folder)
            throws InterruptedException {
        try (TestServer server = TestServer.configured(folder, """
                        apps: [{id: demo, publishableKeys: [{id: pk, channels: ["**"], actions: [send]}]}]
                        limits: {profile: strict}
                        """);
                HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk")) {
            String handshake = RawClient.handshake("/v1?key=pk", "Host: a");
            List<RawClient> admitted = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                RawClient client = RawClient.from("127.0.0.2", server.port()).upgrade("/v1?key=pk");
                assertThat(client.read()).contains("welcome");
                admitted.add(client);
            }

            try (RawClient refused = RawClient.from("127.0.0.2", server.port());
                    RawClient elsewhere = RawClient.from("127.0.0.3", server.port())) {
                refused.send(handshake);
                assertThat(refused.readAll())
                        .startsWith("HTTP/1.1 429 ")
                        .containsPattern("(?i)\r\nretry-after: [0-9]+\r\n");
                elsewhere.send(handshake);
                assertThat(elsewhere.readHead()).startsWith("HTTP/1.1 101 ");
                assertThat(elsewhere.read()).contains("welcome");
            }
            admitted.forEach(RawClient::close);
        }
    }

    @Test
    void whoAsksForNoWebSocketShowsNoCredentialAndCountsForNothing() {
        MinimalSettings keyed = new MinimalSettings(true, List.of(), Optional.of(new Secret("open sesame")));
        ClientLimits limits = new LimitsBuilder().failuresPerMinute(3).build();
        try (TestServer server = TestServer.start(
                new SettingsBuilder().minimal(keyed).limits(limits).build())) {
            for (int i = 0; i < 20; i++) {
                assertThat(ask(server, "GET /minimal/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 426 ");
                assertThat(ask(server, "GET /minimal/a HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n"))
                        .startsWith("HTTP/1.1 400 ");
            }
            server.open("/minimal/a?key=open%20sesame").close();

            for (int i = 0; i < 3; i++) {
                assertThat(ask(server, RawClient.handshake("/minimal/a?key=guess", "Host: localhost")))
                        .startsWith("HTTP/1.1 403 ");
            }
            assertThat(ask(server, RawClient.handshake("/minimal/a?key=open%20sesame", "Host: localhost")))
                    .startsWith("HTTP/1.1 429 ");
        }
    }

    @Test
    void whatIsRefusedAtFirstSightCountsToo() {
        AppSettings app = AppSettings.of(
                "demo",
                List.of(new PublishableKey("pk", KeyRights.all(), List.of("https://app.example.com"))),
                List.of());
        ClientLimits limits = new LimitsBuilder().failuresPerMinute(3).build();
        try (TestServer server = TestServer.start(new SettingsBuilder()
                .apps(app)
                .strictHttpReject()
                .limits(limits)
                .build())) {
            String foreign = RawClient.handshake("/v1?key=pk", "Host: a", "Origin: https://evil.example.com");
            for (int i = 0; i < 3; i++) {
                assertThat(ask(server, foreign)).startsWith("HTTP/1.1 401 ");
            }
            assertThat(ask(server, foreign)).startsWith("HTTP/1.1 429 ");
        }
    }

    private static String ask(TestServer server, String request) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request);
            return client.readAll();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 198.51.100.%d",
                "X-Forwarded-For: 127.0.0.9, 198.51.100.%d",
                "X-Real-IP: 198.51.100.%d",
                "Forwarded: for=198.51.100.%d",
                "X-Forwarded-Host: 198.51.100.%d",
                "X-Forwarded-Proto: https%d"
            })
    void noHeaderOfAStrangerMakesHimAnother(String header) {
        try (RecordingServer server =
                start(throttle(new LimitsBuilder().connectsPerMinute(1).build()))) {
            assertThat(handshake(server, "127.0.0.2", header.formatted(1))).startsWith("HTTP/1.1 101 ");
            assertThat(handshake(server, "127.0.0.2", header.formatted(2))).startsWith("HTTP/1.1 429 ");
        }
    }

    @Test
    void behindATrustedProxyEachClientCountsForItself() {
        try (RecordingServer server =
                start(throttle(new LimitsBuilder().connectsPerMinute(1).build()))) {
            String first = "X-Forwarded-For: 203.0.113.1, 198.51.100.1";
            String again = "X-Forwarded-For: 203.0.113.2, 198.51.100.1";
            String other = "X-Forwarded-For: 203.0.113.1, 198.51.100.2";
            assertThat(handshake(server, "127.0.0.9", first)).startsWith("HTTP/1.1 101 ");

            assertThat(handshake(server, "127.0.0.9", again)).startsWith("HTTP/1.1 429 ");
            assertThat(handshake(server, "127.0.0.9", other)).startsWith("HTTP/1.1 101 ");
        }
    }

    private static ArrivalThrottle throttle(ClientLimits limits) {
        return AddressThrottle.of(limits.address(), System::nanoTime);
    }

    private static RecordingServer start(ArrivalThrottle throttle) {
        return RecordingServer.start(ClientLimits.defaults(), throttle, PROXIES);
    }

    private static String handshake(RecordingServer server, String from, String... headers) {
        try (RawClient client = RawClient.from(from, server.port())) {
            client.send(RawClient.handshake("/minimal/a", "Host: a\r\n" + String.join("\r\n", headers))
                    .replace("\r\n\r\n\r\n", "\r\n\r\n"));
            return client.readHead();
        }
    }

    private static String exchange(RecordingServer server, String from, String request) {
        try (RawClient client = RawClient.from(from, server.port())) {
            client.send(request);
            return client.readAll();
        }
    }
}
