// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** v1: the handshake. */
@ExtendWith(ServerUnderTest.class)
class HandshakeTest {

    private final Server server;

    HandshakeTest(Server server) {
        this.server = server;
    }

    // case 1
    @Test
    void theFirstFrameIsAWelcomeWithAllItsFields() {
        try (Client client = server.connect()) {
            JsonNode welcome = client.welcome();
            assertThat(welcome.path("type").asString()).isEqualTo("welcome");
            String peerId = welcome.path("peerId").asString();
            assertThat(UUID.fromString(peerId)).hasToString(peerId);
            assertThat(welcome.has("expiresAt")).isTrue();
            assertThat(welcome.path("expiresAt").isNull()).isTrue();
            assertThat(welcome.path("serverTime").isIntegralNumber()).isTrue();
            assertThat(Instant.ofEpochSecond(welcome.path("serverTime").asLong()))
                    .isBetween(
                            Instant.now().minus(Duration.ofDays(1)),
                            Instant.now().plus(Duration.ofDays(1)));
            assertThat(welcome.path("maxMessageSize").asInt()).isEqualTo(65_536);
            assertThat(welcome.path("metadata").isMissingNode()
                            || welcome.path("metadata").isObject())
                    .isTrue();
        }
    }

    // case 1
    @Test
    void whatIsSaidRightBehindTheWelcomeIsHeard() {
        String channel = Server.freshName();
        try (RawClient raw = server.openV1()) {
            Client client = new Client(raw);
            client.say(Client.message("subscribe", "early", Json.field("channel", channel)));

            assertThat(Client.answer(client.hear(), "early")).isEqualTo("ack");
            assertThat(client.hearPresence(channel)).isEqualTo(Presence.NOBODY);
        }
    }

    // case 2
    @Test
    void oneKeyGivesEachConnectionAPeerIdOfItsOwn() {
        try (Client first = server.connect();
                Client second = server.connect()) {
            assertThat(first.peerId()).isNotEqualTo(second.peerId());
        }
    }

    // case 1, section 1.1
    @Test
    void unknownParametersAreIgnored() {
        try (Client client = new Client(server.open("/v1?v=3&key=" + server.key() + "&keys=x&"))) {
            client.hearsNothing();
        }
    }

    // cases 5 and 7
    @Test
    void everyCredentialThatIsNoneIsRefusedWith4001OrBeforeTheUpgradeWith401() {
        List.of(
                        "",
                        "?",
                        "?key=",
                        "?key=%00%ff",
                        "?key=%zz",
                        "?KEY=" + server.key(),
                        "?key=" + "k".repeat(20_000),
                        "?token=",
                        "?token=garbage",
                        "?token=a.b.c",
                        "?token=" + server.key(),
                        "?token=garbage&key=" + server.key())
                .forEach(this::refusalOf);
    }

    // case 7
    @Test
    void unknownKeysAreAllRefusedInTheSameWords() {
        Set<String> refusals = new HashSet<>();
        for (String unknown : List.of("pk_live_unknown", "pk_test_unknown", server.key() + "x", "x")) {
            refusals.add(refusalOf("?key=" + unknown));
        }
        assertThat(refusals).hasSize(1);
    }

    /** How the credential in this query is refused: the Close frame, or the answer to a handshake that failed. */
    private String refusalOf(String query) {
        try (RawClient client = server.tcp()) {
            client.send(RawClient.handshake("/v1" + query, server.host()));
            String answer = client.readHead();
            if (answer.startsWith("HTTP/1.1 401 ")) {
                return "401";
            }
            assertThat(answer).as("answer to /v1%s", query).startsWith("HTTP/1.1 101 ");
            String ending = client.read();
            assertThat(ending).as("first frame after /v1%s", query).startsWith("close 4001");
            client.send(RawClient.closeFrame(4001, ""));
            assertThat(client.read()).isEqualTo("end");
            return ending;
        }
    }

    // case 15
    @Test
    void aPlainGetIsTold426() {
        try (RawClient client = server.tcp()) {
            client.send("GET /v1?key=" + server.key() + " HTTP/1.1\r\n" + server.host() + "\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ");
        }
    }

    // case 15
    @Test
    void aWebSocketOnAnotherPathIsTold404() {
        try (RawClient client = server.tcp()) {
            client.send(RawClient.handshake("/v2?key=" + server.key(), server.host()));

            assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        }
    }
}
