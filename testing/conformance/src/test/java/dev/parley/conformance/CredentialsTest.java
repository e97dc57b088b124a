// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** v1: keys and tokens, and how they are refused. */
@ExtendWith(ServerUnderTest.class)
class CredentialsTest {

    /** How long several servers may take to agree that a place is free. */
    private static final Duration A_MOMENT = Duration.ofSeconds(2);

    private final Server server;
    private final String alice = "alice-" + UUID.randomUUID();

    CredentialsTest(Server server) {
        this.server = server;
    }

    @BeforeEach
    void keys() {
        server.assumeConfigured();
    }

    // case 3
    @Test
    void aTokenNamesThePeerItsEndAndItsMetadata() {
        long end = Token.now() + 300;
        Token token = Token.of(alice, "\"exp\":" + end, "\"metadata\":{\"plan\":\"gold\",\"n\":1e400}");
        try (RawClient raw = server.openV1("token=" + token.sign())) {
            String welcome = raw.read();

            JsonNode fields = Json.parse(welcome.substring("text ".length()));
            assertThat(fields.path("peerId").asString()).isEqualTo(alice);
            assertThat(fields.path("expiresAt").asLong()).isEqualTo(end);
            assertThat(welcome).contains("\"metadata\":{\"plan\":\"gold\",\"n\":1e400}");
        }
    }

    // case 4
    @Test
    void aTokenWithAWrongSignatureIsRefused() {
        Token forged = Token.by("sk_id_all", "sk_secret_of_somebody_else_0123456789abcdef", alice);

        assertThat(refusal("token=" + forged.sign())).isEqualTo("close 4001 invalid_token");
    }

    // case 5
    @Test
    void anUnknownKeyIdAndAnUnknownKeyAreRefusedInTheSameWords() {
        Token unknown = Token.by("sk_id_nobody", "sk_secret_conformance_all_0123456789abcdef", alice);

        assertThat(refusal("token=" + unknown.sign())).isEqualTo(refusal("key=pk_live_nobody"));
    }

    // case 8
    @Test
    void anExpiredTokenIsToldSoBeforeAnyWelcome() {
        Token expired = Token.of(alice, "\"exp\":" + (Token.now() - 1));

        assertThat(refusal("token=" + expired.sign())).isEqualTo("close 4002 token_expired");
    }

    // case 9
    @Test
    void aTokenThatExpiresEndsItsConnectionAMomentBefore() {
        long end = Token.now() + 3;
        try (Client client = server.connect(Token.of(alice, "\"exp\":" + end))) {
            assertThat(client.next()).isEqualTo("close 4002 token_expired");

            Duration ahead = Duration.between(Instant.now(), Instant.ofEpochSecond(end));
            assertThat(ahead).isBetween(Duration.ZERO, Duration.ofMillis(500));
        }
    }

    // case 10
    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://evil.example", "Origin: null", "X-Nothing: of importance"})
    void aKeyOfOnePageIsRefusedOnOthersAndOnNone(String header) {
        try (RawClient client = server.openV1("key=pk_listed", header)) {
            assertThat(client.read()).isEqualTo("close 4001 invalid_token");
        }
    }

    // case 10
    @Test
    void aKeyOfOnePageOpensThere() {
        try (RawClient raw = server.openV1("key=pk_listed", "Origin: https://app.example.com");
                Client client = new Client(raw)) {
            client.hearsNothing();
        }
    }

    // case 11
    @Test
    void aTokenMayCarryAllTheMetadataThereMayBe() {
        String metadata = "\"metadata\":" + object(8192);
        String peerMetadata = "\"peerMetadata\":" + object(4096);
        String query = "token=" + Token.of(alice, metadata, peerMetadata).sign();
        assertThat(query).hasSizeGreaterThan(16_384);
        try (Client client = server.connect(query)) {
            assertThat(client.welcome().path("metadata").toString()).isEqualTo(object(8192));
        }
    }

    // case 12
    @Test
    void aTokenWithMoreMetadataForOthersThanThereMayBeIsRefused() {
        String query =
                "token=" + Token.of(alice, "\"peerMetadata\":" + object(4097)).sign();

        assertThat(refusal(query)).isEqualTo("close 4001 invalid_token");
    }

    // case 13
    @Test
    void anAppThatIsFullTakesTheNextClientWhenOneHasLeft() throws InterruptedException {
        try (Client first = server.connect("key=pk_crowded");
                Client second = server.connect("key=pk_crowded")) {
            assertThat(refusal("key=pk_crowded")).isEqualTo("close 4010 over_concurrent_limit");

            first.raw().send(RawClient.closeFrame(1000, ""));
            first.hearOut();
            try (Client third = connectWhenThereIsAPlace("key=pk_crowded")) {
                third.hearsNothing();
            }
            second.hearsNothing();
        }
    }

    /** One server frees a place before it confirms the close; several know of it a moment later. */
    private Client connectWhenThereIsAPlace(String query) {
        Instant deadline = server.isOne() ? Instant.now() : Instant.now().plus(A_MOMENT);
        while (true) {
            RawClient raw = server.openV1(query);
            String first = raw.read();
            if (first.startsWith("text ")) {
                return new Client(raw, first);
            }
            raw.close();
            assertThat(first).isEqualTo("close 4010 over_concurrent_limit");
            assertThat(Instant.now()).isBefore(deadline);
        }
    }

    // case 14
    @Test
    void theKeysOfADisabledAppAreToldSo() {
        Token token = Token.by("sk_id_closed", "sk_secret_conformance_closed_0123456789abc", alice);

        assertThat(refusal("key=pk_closed")).isEqualTo("close 4012 account_suspended");
        assertThat(refusal("token=" + token.sign())).isEqualTo("close 4012 account_suspended");
    }

    // case 39b
    @Test
    void aTokenWhoseChannelsAreNoneOfItsKeyIsOfNoUse() {
        Token useless =
                Token.by("sk_id_y", "sk_secret_conformance_y_0123456789abcdefgh", alice, "\"channels\":[\"x\"]");

        assertThat(refusal("token=" + useless.sign())).isEqualTo("close 4003 channel_not_authorized");
    }

    // section 1.1
    @Test
    void aTokenCountsBeforeAKey() {
        try (Client client = server.connect(
                "key=" + server.key() + "&token=" + Token.of(alice).sign())) {
            assertThat(client.peerId()).isEqualTo(alice);
        }
        assertThat(refusal("key=" + server.key() + "&token=garbage")).isEqualTo("close 4001 invalid_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1, bearer.%s", "bearer.%s,v1", "other, v1, bearer.%s", "v1,key.pk_room, bearer.%s"})
    void aCredentialMayComeAmongTheSubprotocolsAndIsNotRepeated(String offer) {
        String token = Token.of(alice).sign();
        try (RawClient client = server.tcp()) {
            client.send(RawClient.handshake("/v1", server.host(), "Sec-WebSocket-Protocol: " + offer.formatted(token)));
            String answer = client.readHead();

            assertThat(answer).startsWith("HTTP/1.1 101 ").doesNotContain("bearer", token);
            assertThat(answer.lines()
                            .filter(line ->
                                    line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-protocol")))
                    .singleElement()
                    .asString()
                    .endsWith(": v1");
            assertThat(client.read()).contains(alice);
        }
    }

    @Test
    void aKeyMayComeAmongTheSubprotocols() {
        try (RawClient raw =
                        server.tcp().upgrade("/v1", server.host(), "Sec-WebSocket-Protocol: v1, key.pk_live_demo");
                Client client = new Client(raw)) {
            client.hearsNothing();
        }
    }

    private String refusal(String query) {
        try (RawClient client = server.openV1(query)) {
            return client.read();
        }
    }

    /** A JSON object of so many bytes. */
    private static String object(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
    }
}
