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
    void whoIsWelcomeIsHeardAtOnce() {
        String channel = Server.freshName();
        try (RawClient raw = server.openV1()) {
            raw.text(Client.message("subscribe", "early", Json.field("channel", channel)));
            Client client = new Client(raw);

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
    void everyCredentialThatIsNoneIsRefusedWith4001AndTheSameReasonAndNoWelcome() {
        List<String> queries = List.of(
                "",
                "?",
                "?key=",
                "?key=pk_live_unknown",
                "?key=%00%ff",
                "?key=%zz",
                "?KEY=" + server.key(),
                "?key=" + server.key() + "x",
                "?key=" + "k".repeat(20_000),
                "?token=",
                "?token=garbage",
                "?token=a.b.c",
                "?token=" + server.key(),
                "?token=garbage&key=" + server.key());
        Set<String> endings = new HashSet<>();
        for (String query : queries) {
            try (RawClient client = server.open("/v1" + query)) {
                String ending = client.read();
                assertThat(ending).as("first frame after /v1%s", query).startsWith("close 4001");
                client.send(RawClient.closeFrame(4001, ""));
                assertThat(client.read()).isEqualTo("end");
                endings.add(ending);
            }
        }
        assertThat(endings).hasSize(1);
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
