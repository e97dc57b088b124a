// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.wire.Forge;
import dev.parley.wire.Healthy;
import dev.parley.wire.SettingsBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which requests REST admits: every operation of openapi.json with every state a credential can be in. */
class AuthenticationTest {

    private static final TestApps.Key REMOVED = new TestApps.Key("sk_id_removed", TestApps.ACME.rights());

    private static final String TOKEN = "token";

    private static RestServer server;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> server.port(), "key=" + TestApps.PUBLISHABLE);

    @BeforeAll
    static void start() {
        server = new RestServer();
        server.server()
                .reload(new SettingsBuilder()
                        .apps(TestApps.acme(TestApps.ACME, REMOVED), TestApps.rival(), TestApps.closed())
                        .build());
        assertThat(server.as(REMOVED).get("/v1/usage").status()).isEqualTo(200);
        server.server()
                .reload(new SettingsBuilder()
                        .apps(TestApps.acme(), TestApps.rival(), TestApps.closed())
                        .build());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource
    void whoShowsNoSecretKeyIsToldTheSame(Contract.Operation operation, String state, List<String> shown) {
        Answer expected = ask(Rest.at(server.port()), operation);
        Answer answer = ask(Rest.at(server.port()).showing(shown.toArray(String[]::new)), operation);

        assertThat(answer.status()).as(state).isEqualTo(401);
        assertThat(answer.json().path("error").asString()).isEqualTo("unauthorized");
        assertThat(answer.text()).as(state).isEqualTo(expected.text());
    }

    static Stream<Arguments> whoShowsNoSecretKeyIsToldTheSame() {
        return Rest.at(server.port()).contract().operations().stream()
                .flatMap(operation -> bad().entrySet().stream()
                        .filter(state -> !isGood(operation, state.getKey()))
                        .map(state -> Arguments.of(operation, state.getKey(), state.getValue())));
    }

    /** The one operation that clients ask too. */
    private static boolean isGood(Contract.Operation operation, String state) {
        return operation.path().equals("/v1/ice-servers") && state.equals(TOKEN);
    }

    private static Map<String, List<String>> bad() {
        String good = TestApps.ACME.credential();
        String token = server.as(TestApps.ACME)
                .post("/v1/tokens", "{\"peerId\":\"a\"}")
                .json()
                .path("token")
                .asString();
        Map<String, List<String>> bad = new LinkedHashMap<>();
        bad.put("none", List.of());
        bad.put("id only", List.of("Bearer " + TestApps.ACME.id()));
        bad.put("id and no secret", List.of("Bearer " + TestApps.ACME.id() + ":"));
        bad.put("secret only", List.of("Bearer :" + TestApps.ACME.secret()));
        bad.put("wrong secret", List.of("Bearer " + good + "x"));
        bad.put("another key's secret", List.of("Bearer " + TestApps.ACME.id() + ":" + TestApps.ROOMS.secret()));
        bad.put("unknown key", List.of("Bearer sk_id_nobody:" + TestApps.ACME.secret()));
        bad.put("publishable key", List.of("Bearer " + TestApps.PUBLISHABLE));
        bad.put("publishable key as a pair", List.of("Bearer " + TestApps.PUBLISHABLE + ":" + TestApps.PUBLISHABLE));
        bad.put("removed key", List.of("Bearer " + REMOVED.credential()));
        bad.put("key of a disabled app", List.of("Bearer " + TestApps.CLOSED.credential()));
        bad.put("basic", List.of("Basic " + good));
        bad.put("no scheme", List.of(good));
        bad.put("empty", List.of(""));
        bad.put("scheme only", List.of("Bearer"));
        bad.put("oversized", List.of("Bearer " + good + "x".repeat(60_000)));
        bad.put("two, the first good", List.of("Bearer " + good, "Bearer x"));
        bad.put("the same twice", List.of("Bearer " + good, "Bearer " + good));
        bad.put(TOKEN, List.of("Bearer " + token));
        bad.put("expired token", List.of("Bearer " + expired()));
        bad.put("token as a secret", List.of("Bearer " + TestApps.ACME.id() + ":" + token));
        return bad;
    }

    private static String expired() {
        return Forge.token(TestApps.ACME.settings(), Forge.claims("a").with("exp", Forge.now() - 1));
    }

    @Test
    void anotherAppsKeyIsAnsweredTheSameWhetherAnyoneIsHereOrNobody() {
        Rest rival = server.as(TestApps.RIVAL);
        List<Contract.Operation> operations = rival.contract().operations().stream()
                .filter(operation ->
                        !Set.of("/v1/tokens", "/v1/usage").contains(operation.path())) // they change by themselves
                .toList();
        List<String> toNobody = operations.stream()
                .map(operation -> ask(rival, operation, "alice").text())
                .toList();
        try (Guest alice = Guest.named(server.as(TestApps.ACME), "alice").join("room-1")) {
            assertThat(operations.stream()
                            .map(operation -> ask(rival, operation, "alice").text())
                            .toList())
                    .isEqualTo(toNobody);
            for (String type : List.of("message", "direct", "presence")) {
                alice.hasNotHeard(type);
            }
        }
    }

    @ParameterizedTest
    @MethodSource
    void aSecretKeyIsLetInHoweverTheSchemeIsWritten(Contract.Operation operation, String scheme) {
        Answer answer = ask(Rest.at(server.port()).showing(scheme + " " + TestApps.ACME.credential()), operation);

        assertThat(answer.status()).isNotIn(401, 403, 413, 429, 503);
    }

    static Stream<Arguments> aSecretKeyIsLetInHoweverTheSchemeIsWritten() {
        return Rest.at(server.port()).contract().operations().stream()
                .flatMap(operation ->
                        Stream.of("Bearer", "bearer", "BEARER").map(scheme -> Arguments.of(operation, scheme)));
    }

    /** A credential in a URL ends in logs. */
    @Test
    void aCredentialInTheQueryCountsForNothing() {
        for (String name : List.of("key", "token", "access_token", "authorization")) {
            assertThat(Rest.at(server.port())
                            .get("/v1/usage?" + name + "=" + TestApps.ACME.credential())
                            .status())
                    .isEqualTo(401);
        }
    }

    private static Answer ask(Rest rest, Contract.Operation operation) {
        return ask(rest, operation, "nobody");
    }

    private static Answer ask(Rest rest, Contract.Operation operation, String peerId) {
        String target = operation.path().replace("{channel}", "room-1").replace("{peerId}", peerId);
        return rest.ask(
                operation.method(), target, operation.method().equals("POST") ? "{\"peerId\":\"a\",\"data\":1}" : "");
    }
}
