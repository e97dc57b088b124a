// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.access.TokenTerms;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/tokens}: docs/rest.md. */
class TokensTest {

    private static RestServer server;
    private static Rest acme;
    private static Rest rooms;

    @BeforeAll
    static void start() {
        server = new RestServer();
        acme = server.as(TestApps.ACME);
        rooms = server.as(TestApps.ROOMS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aTokenConnectsWithExactlyWhatWasAskedFor() {
        Answer minted = acme.post("/v1/tokens", """
                {"peerId":"alice","channels":["room-*"],"permissions":["subscribe","presence"],
                 "metadata":{"plan": "a b"},"peerMetadata":{"name":"Alice"}}""");
        assertThat(minted.status()).isEqualTo(200);
        try (Guest alice = Guest.withToken(
                        server.port(), minted.json().path("token").asString());
                Guest bob = Guest.named(acme, "bob").join("room-1")) {
            assertThat(alice.peerId()).isEqualTo("alice");
            alice.join("room-1");
            assertThat(bob.receive("presence")).contains("{\"peerId\":\"alice\",\"metadata\":{\"name\":\"Alice\"}}");
            assertThat(alice.ask("subscribe", "\"channel\":\"hall\"")).isEqualTo("channel_not_authorized");
            assertThat(alice.ask("publish", "\"channel\":\"room-1\",\"data\":1"))
                    .isEqualTo("action_not_permitted");
            assertThat(alice.ask("send", "\"to\":\"bob\",\"data\":1")).isEqualTo("action_not_permitted");
        }
    }

    @Test
    void aFieldThatATokenDoesNotHaveIsRefusedByName() {
        Answer refused = acme.post("/v1/tokens", "{\"peerId\":\"alice\",\"chanels\":[\"room-1\"]}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").asString()).isEqualTo("invalid_request");
        assertThat(refused.json().path("message").asString()).contains("chanels", "channels");
    }

    @Test
    void aTokenWithoutTermsMayWhatItsKeyMay() {
        try (Guest guest = Guest.named(rooms, "guest")) {
            assertThat(guest.ask("publish", "\"channel\":\"room-1\",\"data\":1"))
                    .isEqualTo("ack");
            assertThat(guest.ask("publish", "\"channel\":\"cellar\",\"data\":1"))
                    .isEqualTo("channel_not_authorized");
        }
    }

    @Test
    void aTokenForNoChannelAndNoPermissionMayNothing() {
        try (Guest nowhere = Guest.named(acme, "nowhere", "\"channels\":[]");
                Guest mute = Guest.named(acme, "mute", "\"permissions\":[]")) {
            assertThat(nowhere.ask("subscribe", "\"channel\":\"room-1\"")).isEqualTo("channel_not_authorized");
            assertThat(mute.ask("subscribe", "\"channel\":\"room-1\"")).isEqualTo("action_not_permitted");
        }
    }

    @Test
    void aTokenLivesAnHourUnlessAskedOtherwise() {
        assertThat(lifeOf("{\"peerId\":\"a\"}")).isBetween(3598L, 3600L);
        assertThat(lifeOf("{\"peerId\":\"a\",\"expiresInSec\":86400}")).isBetween(86_398L, 86_400L);
        assertThat(lifeOf("{\"peerId\":\"a\",\"expiresInSec\":1}")).isBetween(-1L, 1L);
    }

    private static long lifeOf(String terms) {
        Answer answer = acme.post("/v1/tokens", terms);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path("expiresAt").asLong() - Instant.now().getEpochSecond();
    }

    @ParameterizedTest
    @MethodSource
    void whatATokenCannotSayIs400(String terms) {
        assertRefused(acme.post("/v1/tokens", terms), 400, "invalid_request");
    }

    static Stream<String> whatATokenCannotSayIs400() {
        return Stream.of(
                "",
                "[]",
                "{",
                "{}",
                "{\"peerId\":\"a\"}{}",
                "{\"peerId\":\"a\",\"peerId\":\"b\"}",
                "{\"peerId\":7}",
                "{\"peerId\":\"\"}",
                "{\"peerId\":null}",
                "{\"peerId\":\"" + "a".repeat(129) + "\"}",
                "{\"peerId\":\"ä\"}",
                "{\"peerId\":\"a\\n\"}",
                "{\"peerId\":\"a\",\"expiresInSec\":0}",
                "{\"peerId\":\"a\",\"expiresInSec\":-1}",
                "{\"peerId\":\"a\",\"expiresInSec\":86401}",
                "{\"peerId\":\"a\",\"expiresInSec\":90000}",
                "{\"peerId\":\"a\",\"expiresInSec\":1e3}",
                "{\"peerId\":\"a\",\"expiresInSec\":99999999999999999999}",
                "{\"peerId\":\"a\",\"expiresInSec\":\"60\"}",
                "{\"peerId\":\"a\",\"permissions\":[\"fly\"]}",
                "{\"peerId\":\"a\",\"permissions\":[\"Subscribe\"]}",
                "{\"peerId\":\"a\",\"permissions\":\"send\"}",
                "{\"peerId\":\"a\",\"permissions\":["
                        + String.join(",", Collections.nCopies(TokenTerms.MAX_PERMISSIONS + 1, "\"send\"")) + "]}",
                "{\"peerId\":\"a\",\"channels\":" + channels(101) + "}",
                "{\"peerId\":\"a\",\"channels\":[\"\"]}",
                "{\"peerId\":\"a\",\"channels\":[\"" + "c".repeat(257) + "\"]}",
                "{\"peerId\":\"a\",\"channels\":[7]}",
                "{\"peerId\":\"a\",\"channels\":null}",
                "{\"peerId\":\"a\",\"metadata\":[]}",
                "{\"peerId\":\"a\",\"metadata\":" + objectOf(8193) + "}",
                "{\"peerId\":\"a\",\"peerMetadata\":" + objectOf(4097) + "}");
    }

    @ParameterizedTest
    @MethodSource
    void whatATokenCanJustSayIsSigned(String terms) {
        assertThat(acme.post("/v1/tokens", terms).status()).isEqualTo(200);
    }

    static Stream<String> whatATokenCanJustSayIsSigned() {
        return Stream.of(
                "{\"peerId\":\"" + "a".repeat(128) + "\"}",
                "{\"peerId\":\" ~\"}",
                "{\"peerId\":\"a\",\"channels\":" + channels(100) + "}",
                "{\"peerId\":\"a\",\"channels\":[\"" + "c".repeat(256) + "\"]}",
                "{\"peerId\":\"a\",\"permissions\":["
                        + String.join(",", Collections.nCopies(TokenTerms.MAX_PERMISSIONS, "\"send\"")) + "]}",
                "{\"peerId\":\"a\",\"metadata\":" + objectOf(8192) + ",\"peerMetadata\":" + objectOf(4096) + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"**", "*", "cellar", "room-*/x", "room-**", "hall", "roo*"})
    void aChannelOutsideTheKeyIs403(String pattern) {
        assertRefused(
                rooms.post("/v1/tokens", "{\"peerId\":\"a\",\"channels\":[\"room-1\",\"" + pattern + "\"]}"),
                403,
                "channel_not_authorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"room-1", "room-*", "room-a*b", "hall/**", "hall/a/*"})
    void aChannelInsideTheKeyIsSigned(String pattern) {
        assertThat(rooms.post("/v1/tokens", "{\"peerId\":\"a\",\"channels\":[\"" + pattern + "\"]}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_metered/x", "_Internal/*", "_SYSTEM/**"})
    void aReservedChannelIs400(String pattern) {
        assertRefused(
                acme.post("/v1/tokens", "{\"peerId\":\"a\",\"channels\":[\"" + pattern + "\"]}"),
                400,
                "channel_reserved");
    }

    @Test
    void aPermissionTheKeyLacksIs403() {
        assertRefused(
                server.as(TestApps.MUTE)
                        .post("/v1/tokens", "{\"peerId\":\"a\",\"permissions\":[\"subscribe\",\"send\"]}"),
                403,
                "action_not_permitted");
    }

    static void assertRefused(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().path("error").asString()).isEqualTo(error);
    }

    private static String channels(int count) {
        List<String> names =
                IntStream.range(0, count).mapToObj(i -> "\"c" + i + "\"").toList();
        return names.stream().collect(Collectors.joining(",", "[", "]"));
    }

    /** An object of this many bytes. */
    private static String objectOf(int bytes) {
        String frame = "{\"k\":\"\"}";
        return "{\"k\":\"" + "v".repeat(bytes - frame.length()) + "\"}";
    }
}
