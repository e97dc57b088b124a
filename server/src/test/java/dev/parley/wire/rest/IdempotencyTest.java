// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static dev.parley.wire.rest.TokensTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Idempotency-Key}: docs/rest.md. */
class IdempotencyTest {

    private static final String KEY = "Idempotency-Key: 0815";
    private static final String PUBLISH = "/v1/channels/room-1/publish";
    private static final String SEND = "/v1/peers/alice/send";

    private RestServer server;
    private Rest acme;

    @BeforeEach
    void start() {
        server = new RestServer();
        acme = server.as(TestApps.ACME);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {PUBLISH, SEND})
    void aRepeatedRequestIsAnsweredAgainAndNotDoneAgain(String path) {
        try (Guest alice = Guest.named(acme, "alice").join("room-1")) {
            String first = acme.post(path, "{\"data\":1}", KEY).text();
            String type = path.equals(SEND) ? "direct" : "message";
            alice.receive(type);

            assertThat(acme.post(path, "{\"data\":1}", KEY).text()).isEqualTo(first);
            assertThat(server.as(TestApps.ROOMS).post(path, "{\"data\":1}", KEY).text())
                    .isEqualTo(first);
            alice.hasNotHeard(type);
            assertThat(acme.get("/v1/usage").json().path("messagesUsed").asInt())
                    .isEqualTo(1);

            acme.post(path, "{\"data\":1}");
            acme.post(path, "{\"data\":1}");
            alice.receive(type);
            alice.receive(type);
        }
    }

    @Test
    void ofEqualRequestsAtOnceOneIsDone() {
        try (Guest alice = Guest.named(acme, "alice").join("room-1")) {
            List<CompletableFuture<String>> answers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> acme.post(PUBLISH, "{\"data\":1}", KEY).text(),
                            task -> Thread.ofVirtual().start(task)))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);

            alice.receive("message");
            alice.hasNotHeard("message");
        }
    }

    @Test
    void aKeyThatStandsForAnotherRequestIs422AndNothingIsDone() {
        try (Guest alice = Guest.named(acme, "alice").join("room-1")) {
            acme.post(PUBLISH, "{\"data\":1}", KEY);
            alice.receive("message");

            assertRefused(acme.post(PUBLISH, "{\"data\":2}", KEY), 422, "idempotency_key_reused");
            assertRefused(acme.post(SEND, "{\"data\":1}", KEY), 422, "idempotency_key_reused");
            alice.hasNotHeard("message");
            alice.hasNotHeard("direct");
        }
    }

    @Test
    void whatWasRefusedMayBeTriedAgain() {
        assertRefused(acme.post(SEND, "{\"data\":1}", KEY), 404, "peer_not_found");
        try (Guest alice = Guest.named(acme, "alice")) {
            assertThat(acme.post(SEND, "{\"data\":1}", KEY).status()).isEqualTo(200);
            assertThat(alice.receive("direct")).contains("\"data\":1");
        }
    }

    @Test
    void aKeyOpensNothingToWhoMayNot() {
        acme.post(PUBLISH, "{\"data\":1}", KEY);

        assertRefused(server.as(TestApps.MUTE).post(PUBLISH, "{\"data\":1}", KEY), 403, "action_not_permitted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\tb", "ä"})
    void whatIsNoKeyIs400(String key) {
        assertRefused(acme.post(PUBLISH, "{\"data\":1}", "Idempotency-Key: " + key), 400, "invalid_request");
    }

    @Test
    void oneKeyIsEnough() {
        assertRefused(acme.post(PUBLISH, "{\"data\":1}", KEY, KEY), 400, "invalid_request");
        assertRefused(
                acme.post(PUBLISH, "{\"data\":1}", "Idempotency-Key: " + "k".repeat(256)), 400, "invalid_request");
    }
}
