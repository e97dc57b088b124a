// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.IceServer;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients get which ICE servers, in the welcome and by HTTP. */
class IceServersTest {

    private static final String PAGE = "https://app.example.com";
    private static final IceServer STUN = new IceServer(List.of("stun:stun.example.com"), new IceServer.Open());
    private static final IceServer TURN = new IceServer(
            List.of("turn:turn.example.com"),
            new IceServer.TimeLimited(new Secret("canary-0123456789abcdef0123456789abcdef"), Duration.ofHours(1)));
    private static final SecretKey SECRET = new SecretKey("sk_id_turn", secret("1"), turn());
    private static final SecretKey BARE = new SecretKey("sk_id_bare", secret("2"), KeyRights.all());

    private final TestServer server = TestServer.start(settings(STUN, TURN));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aKeyWithTurnIsToldOfBothInItsWelcomeForADay() {
        String welcome = welcome("key=pk_turn", "Origin: " + PAGE);

        assertThat(welcome)
                .contains("\"metadata\":{\"iceServers\":[{\"urls\":[\"stun:stun.example.com\"]},"
                        + "{\"urls\":[\"turn:turn.example.com\"],\"username\":\"");
        assertThat(expiry(welcome)).isBetween(Forge.now() + 86_390, Forge.now() + 86_400);
    }

    @Test
    void aKeyWithoutTurnIsToldOfStunAlone() {
        assertThat(welcome("key=pk_bare"))
                .endsWith("\"metadata\":{\"iceServers\":[{\"urls\":[\"stun:stun.example.com\"]}]}}");
    }

    @Test
    void aTokensCredentialsLiveAtLeastAsLongAsTheToken() {
        long end = Forge.now() + 20_000;
        assertThat(expiry(welcome(token(SECRET, "\"x\":1", end)))).isEqualTo(end);
        long soon = Forge.now() + 60;
        assertThat(expiry(welcome(token(SECRET, "\"x\":1", soon)))).isBetween(Forge.now() + 3_590, Forge.now() + 3_600);
    }

    @Test
    void theListStandsBesideWhatTheTokenSaysAndOneOfTheTokensOwnStaysAsItIs() {
        assertThat(welcome(token(BARE, "\"n\":12345678901234567890", Forge.now() + 60)))
                .contains("\"metadata\":{\"iceServers\":[{\"urls\":[\"stun:stun.example.com\"]}],"
                        + "\"n\":12345678901234567890}");
        assertThat(welcome(token(BARE, "", Forge.now() + 60)))
                .contains("\"metadata\":{\"iceServers\":[{\"urls\":[\"stun:stun.example.com\"]}]}");
        assertThat(welcome(token(SECRET, "\"iceServers\":[],\"a\":1", Forge.now() + 60)))
                .contains("\"metadata\":{\"iceServers\":[],\"a\":1}");
    }

    @Test
    void aChangedListHoldsForWhoComesNext() {
        server.reload(settings());
        assertThat(welcome("key=pk_bare")).doesNotContain("metadata");
        server.reload(settings(new IceServer(List.of("stun:new.example.com"), new IceServer.Open())));
        assertThat(welcome("key=pk_bare")).contains("stun:new.example.com").doesNotContain("stun:stun");
    }

    /** Browsers send no Origin to the server a page is from, so a page of the server itself gets none by HTTP. */
    @Test
    void aConnectedClientGetsNewCredentialsOverItsSocket() {
        try (RawClient client = server.open("/v1?key=pk_turn", "Host: a", "Origin: " + PAGE)) {
            client.read();
            client.text("{\"type\":\"ice_servers\",\"requestId\":\"7\"}");
            String answer = client.read();

            assertThat(answer)
                    .startsWith("text {\"type\":\"ack\",\"requestId\":\"7\","
                            + "\"iceServers\":[{\"urls\":[\"stun:stun.example.com\"]},"
                            + "{\"urls\":[\"turn:turn.example.com\"],\"username\":\"");
            assertThat(expiry(answer)).isBetween(Forge.now() + 86_390, Forge.now() + 86_400);
            assertThat(answer).endsWith(",\"expiresAt\":" + expiry(answer) + "}");
        }
        try (RawClient client = RawClient.open(server.port(), "/v1?key=pk_bare")) {
            client.read();
            client.text("{\"type\":\"ice_servers\",\"requestId\":\"8\"}");

            assertThat(client.read())
                    .isEqualTo("text {\"type\":\"ack\",\"requestId\":\"8\",\"iceServers\":"
                            + "[{\"urls\":[\"stun:stun.example.com\"]}],\"expiresAt\":null}");
        }
    }

    @Test
    void aPageOfTheKeyMayReadThemAndNoOther() {
        String good = get("/v1/ice-servers?key=pk_turn", "Origin: " + PAGE);
        assertThat(good)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("\r\naccess-control-allow-origin: " + PAGE + "\r\n")
                .containsIgnoringCase("\r\nvary: origin\r\n")
                .containsIgnoringCase("\r\ncache-control: no-store\r\n")
                .doesNotContainIgnoringCase("access-control-allow-credentials")
                .contains("\"urls\":[\"turn:turn.example.com\"],\"username\":")
                .doesNotContain("canary");
        assertThat(expiry(good)).isBetween(Forge.now() + 3_590, Forge.now() + 3_600);

        for (String origin : List.of("https://evil.example.com", "null", PAGE + ".evil.example.com")) {
            assertThat(get("/v1/ice-servers?key=pk_turn", "Origin: " + origin))
                    .startsWith("HTTP/1.1 401 ")
                    .containsIgnoringCase("\r\nvary: origin\r\n")
                    .doesNotContainIgnoringCase("access-control-");
        }
        String withoutOrigin = get("/v1/ice-servers?key=pk_turn");
        assertThat(withoutOrigin).startsWith("HTTP/1.1 401 ").contains("the Origin of the request one of its origins");
        assertThat(body(get("/v1/ice-servers?key=pk_nobody")))
                .as("an unknown key is answered alike")
                .isEqualTo(body(withoutOrigin));
    }

    @Test
    void aTokenAndASecretKeyGetThemTooAndNobodyElse() {
        String token = token(SECRET, "\"x\":1", Forge.now() + 20_000);
        assertThat(get("/v1/ice-servers?" + token)).contains("HTTP/1.1 200 ", "turn:turn.example.com");
        assertThat(get("/v1/ice-servers", "Authorization: Bearer " + token.substring("token=".length())))
                .contains("HTTP/1.1 200 ", "turn:turn.example.com")
                .doesNotContainIgnoringCase("access-control-");
        assertThat(get(
                        "/v1/ice-servers",
                        "Authorization: Bearer sk_id_turn:" + SECRET.secret().value()))
                .contains("HTTP/1.1 200 ", "turn:turn.example.com");
        assertThat(get(
                        "/v1/ice-servers",
                        "Authorization: Bearer sk_id_bare:" + BARE.secret().value()))
                .contains("HTTP/1.1 200 ", "stun:stun.example.com")
                .doesNotContain("turn:turn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?key=pk_none",
                "?key=sk_id_turn",
                "?token=garbage",
                "?token=",
                "?key=",
            })
    void withoutAGoodCredentialThereAreNone(String query) {
        String message = query.startsWith("?key")
                ? "\\\"key\\\" must be a publishable key, and the Origin of the request one of its origins"
                : "\\\"Authorization: Bearer <id>:<secret>\\\" must hold the id and the secret of a secret key";
        assertThat(get("/v1/ice-servers" + query))
                .startsWith("HTTP/1.1 401 ")
                .endsWith("\"message\":\"" + message + "\"}");
    }

    @Test
    void anExpiredTokenGetsNone() {
        assertThat(get("/v1/ice-servers?" + token(SECRET, "", Forge.now() - 1))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void oneAddressAsksForSoManyAMinuteAndOthersAreServed() {
        try (TestServer sparing = TestServer.start(builder(STUN)
                .limits(new LimitsBuilder().iceServersPerMinute(3).build())
                .build())) {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(sparing, "127.0.0.1")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(ask(sparing, "127.0.0.1")).startsWith("HTTP/1.1 429 ").containsIgnoringCase("\r\nretry-after: ");
            assertThat(ask(sparing, "127.0.0.2")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void otherMethodsAreNotThere() {
        for (String method : List.of("POST", "OPTIONS", "HEAD", "DELETE")) {
            try (RawClient client = RawClient.tcp(server.port())) {
                client.send(method + " /v1/ice-servers?key=pk_turn HTTP/1.1\r\nHost: a\r\nOrigin: " + PAGE
                        + "\r\nConnection: close\r\n\r\n");
                assertThat(client.readAll()).startsWith("HTTP/1.1 404 ").doesNotContainIgnoringCase("access-control-");
            }
        }
    }

    private static String ask(TestServer server, String from) {
        try (RawClient client = RawClient.from(from, server.port())) {
            client.send("GET /v1/ice-servers?key=pk_bare HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            return client.readAll();
        }
    }

    private String get(String target, String... headers) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream().map(line -> line + "\r\n").toList()) + "\r\n");
            return client.readAll();
        }
    }

    private String welcome(String query, String... headers) {
        String[] lines = new String[headers.length + 1];
        lines[0] = "Host: a";
        System.arraycopy(headers, 0, lines, 1, headers.length);
        try (RawClient client = server.open("/v1?" + query, lines)) {
            String welcome = client.read();
            assertThat(welcome).startsWith("text {\"type\":\"welcome\"");
            return welcome;
        }
    }

    private static long expiry(String text) {
        return Long.parseLong(text.replaceAll("(?s).*\"username\":\"([0-9]+):[0-9a-f]{32}\".*", "$1"));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n"));
    }

    private static String token(SecretKey key, String metadata, long end) {
        return "token="
                + Forge.token(key, Forge.claims("alice").with("exp", end).with("metadata", "{" + metadata + "}"));
    }

    private static KeyRights turn() {
        return new KeyRights(List.of("**"), EnumSet.allOf(Action.class), true, true);
    }

    private static Secret secret(String digit) {
        return new Secret("sk_secret_" + digit.repeat(40));
    }

    private static ServerSettings settings(IceServer... servers) {
        return builder(servers).build();
    }

    private static SettingsBuilder builder(IceServer... servers) {
        return new SettingsBuilder()
                .apps(AppSettings.of(
                        "demo",
                        List.of(
                                new PublishableKey("pk_turn", turn(), List.of(PAGE)),
                                new PublishableKey("pk_bare", KeyRights.all(), List.of())),
                        List.of(SECRET, BARE)))
                .iceServers(servers);
    }
}
