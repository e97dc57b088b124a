// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which tokens open a WebSocket: docs/protocol.md, "Tokens". A healthy pair notices nothing of those that do not. */
class TokenTest {

    private static Tenants tenants;
    private static TestServer server;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> server.port(), "key=pk_live_one");

    @BeforeAll
    static void start() {
        tenants = new Tenants();
        server = TestServer.start(tenants.settings());
    }

    @AfterAll
    static void stop() {
        server.close();
        tenants.close();
    }

    static List<HostileTokens.Case> hostile() {
        return HostileTokens.of(tenants);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void aBadTokenIsToldByTheCloseCodeAndNeverWelcomed(HostileTokens.Case bad) {
        assertThat(answerTo(bad.token())).isIn(bad.closes());
    }

    @Test
    void anAddressInAHeaderIsNeverAsked() {
        IssuerKey attackers = IssuerKey.rsa(tenants.rsa.id(), 2048);
        try (FakeIssuer trap = FakeIssuer.of(attackers)) {
            String url = Forge.quote(trap.url().toString());
            JsonText header =
                    Forge.header("RS256", attackers.id()).with("jku", url).with("x5u", url);

            assertThat(answerTo(Forge.token(header, Tenants.claims("alice"), attackers.signer())))
                    .isEqualTo(HostileTokens.INVALID);
            assertThat(trap.requests()).isZero();
        }
    }

    static Stream<Arguments> genuine() {
        JsonText mine = Forge.claims("alice");
        JsonText theirs = Tenants.claims("alice");
        JsonText header = Forge.header(tenants.key);
        return Stream.of(
                Arguments.of("HS256", by(mine)),
                Arguments.of("RS256", tenants.rsa.token(theirs)),
                Arguments.of("ES256", tenants.ec.token(theirs)),
                Arguments.of("ES256 with the other s", HostileTokens.mirrored(tenants.ec.token(theirs))),
                Arguments.of("EdDSA", tenants.ed.token(theirs)),
                Arguments.of("aud several", tenants.rsa.token(theirs.with("aud", "[\"x\",\"parley\"]"))),
                Arguments.of(
                        "iss and aud with a secret key", by(mine.with("iss", 1).with("aud", "{}"))),
                Arguments.of("iat 50 s ahead", by(mine.with("iat", Forge.now() + 50))),
                Arguments.of("nbf 50 s ahead", by(mine.with("nbf", Forge.now() + 50))),
                Arguments.of("exp in the year 9999", by(mine.with("exp", 253_402_300_799L))),
                Arguments.of("no typ", Forge.token(header.without("typ"), mine, Forge.hmac(tenants.key))),
                Arguments.of("typ jwt", typed("jwt")),
                Arguments.of("typ at+jwt", typed("at+jwt")),
                Arguments.of("typ application/at+jwt", typed("application/at+jwt")),
                Arguments.of(
                        "a key in its header", Forge.token(header.with("jwk", "{}"), mine, Forge.hmac(tenants.key))),
                Arguments.of("no channels", by(mine.with("channels", "[]"))),
                Arguments.of("100 channels", by(mine.with("channels", HostileTokens.strings(100)))),
                Arguments.of(
                        "16 permissions",
                        by(mine.with(
                                "permissions",
                                Collections.nCopies(16, "\"send\"").toString()))),
                Arguments.of("metadata of 8192 bytes", by(mine.with("metadata", HostileTokens.object(8192)))),
                Arguments.of("peerMetadata of 4096 bytes", by(mine.with("peerMetadata", HostileTokens.object(4096)))),
                Arguments.of(
                        "all the metadata there may be",
                        by(mine.with("metadata", HostileTokens.object(8192))
                                .with("peerMetadata", HostileTokens.object(4096)))),
                Arguments.of("unknown claims", by(mine.with("x", "[{\"sub\":null}]"))),
                Arguments.of(
                        "space between claims",
                        Forge.token(
                                header.toString(),
                                " " + mine.toString().replace(",", " ,\n\t"),
                                Forge.hmac(tenants.key))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("genuine")
    void aGoodTokenIsWelcomed(String name, String token) {
        assertThat(answerTo(token)).startsWith("text {\"type\":\"welcome\",\"peerId\":\"alice\",");
    }

    @Test
    void thePeerIdMayBe128PrintableCharacters() {
        String peerId = "a ~!/" + "x".repeat(123);

        assertThat(answerTo(by(Forge.claims(peerId)))).contains("\"peerId\":\"" + peerId + "\"");
    }

    @Test
    void theWelcomeTellsWhatTheTokenSays() {
        String metadata = "{\"iceServers\":[],\"n\":12345678901234567890}";
        String token = by(Forge.claims("alice").with("metadata", metadata).with("exp", 4_000_000_000L));

        assertThat(answerTo(token))
                .contains("\"peerId\":\"alice\",\"expiresAt\":4000000000,")
                .endsWith(",\"metadata\":" + metadata + "}");
    }

    private static String typed(String type) {
        JsonText header = Forge.header(tenants.key).with("typ", Forge.quote(type));
        return Forge.token(header, Forge.claims("alice"), Forge.hmac(tenants.key));
    }

    private static String by(JsonText claims) {
        return Forge.token(tenants.key, claims);
    }

    /** What the server says first; the upgrade is accepted in any case. */
    private static String answerTo(String token) {
        try (RawClient client = server.open(
                "/v1?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8).replace("+", "%20"))) {
            return client.read();
        }
    }
}
