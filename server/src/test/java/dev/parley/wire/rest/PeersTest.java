// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static dev.parley.wire.rest.TokensTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Putting peers out, the list of peers, and speaking to one: docs/rest.md. */
class PeersTest {

    private RestServer server;
    private Rest acme;
    private Rest rooms;
    private Rest mute;

    @BeforeEach
    void start() {
        server = new RestServer();
        acme = server.as(TestApps.ACME);
        rooms = server.as(TestApps.ROOMS);
        mute = server.as(TestApps.MUTE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aPeerIsPutOutWithAllItsConnectionsByAnySecretKeyOfItsApp() {
        try (Guest first = Guest.named(acme, "alice");
                Guest second = Guest.named(acme, "alice");
                Guest bob = Guest.named(acme, "bob").join("room-1")) {
            assertThat(mute.delete("/v1/peers/alice").body()).isEqualTo("{\"peerId\":\"alice\",\"closed\":2}");

            assertThat(first.next()).isEqualTo("close 4020 admin_disconnect");
            assertThat(second.next()).isEqualTo("close 4020 admin_disconnect");
            bob.hasNotHeard("close");
        }
    }

    @Test
    void puttingOutAPeerThatIsNotThereIsFine() {
        assertThat(acme.delete("/v1/peers/nobody").body()).isEqualTo("{\"peerId\":\"nobody\",\"closed\":0}");
    }

    @Test
    void theIdOfAPeerIsDecodedOnce() {
        try (Guest odd = Guest.named(acme, "a/b %2B+")) {
            assertThat(acme.delete("/v1/peers/a%2Fb%20%252B+").body())
                    .isEqualTo("{\"peerId\":\"a/b %2B+\",\"closed\":1}");
            assertThat(odd.next()).isEqualTo("close 4020 admin_disconnect");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%zz", "%FF", "%0A", "%ED%A0%80"})
    void whatIsNoIdOfAPeerIs400(String encoded) {
        assertRefused(acme.delete("/v1/peers/" + encoded), 400, "invalid_request");
        assertRefused(acme.delete("/v1/peers/" + "p".repeat(129)), 400, "invalid_request");
        assertRefused(acme.post("/v1/peers/" + encoded + "/send", "{\"data\":1}"), 400, "invalid_request");
    }

    @Test
    void whatIsSentArrivesOnEveryConnectionAsTheBytesItIs() {
        try (Guest first = Guest.named(rooms, "alice");
                Guest second = Guest.named(rooms, "alice");
                Guest bob = Guest.named(rooms, "bob")) {
            Answer answer = rooms.post(
                    "/v1/peers/alice/send", "{\"data\":[1.0, 1],\"from\":\"bot\",\"peerMetadata\":{\"k\":1}}");

            assertThat(answer.body()).isEqualTo("{\"peerId\":\"alice\",\"delivered\":2}");
            String direct = "{\"type\":\"direct\",\"from\":\"bot\",\"fromMetadata\":{\"k\":1},\"data\":[1.0, 1]}";
            assertThat(first.receive("direct")).isEqualTo(direct);
            assertThat(second.receive("direct")).isEqualTo(direct);
            bob.hasNotHeard("direct");
        }
    }

    @Test
    void sendingToNobodyIs404() {
        assertRefused(acme.post("/v1/peers/nobody/send", "{\"data\":1}"), 404, "peer_not_found");
    }

    @Test
    void whoMayNotSendIsNotToldWhetherThePeerIsThere() {
        try (Guest alice = Guest.named(acme, "alice")) {
            Answer there = mute.post("/v1/peers/alice/send", "{\"data\":1}");
            assertRefused(there, 403, "action_not_permitted");
            assertThat(mute.post("/v1/peers/nobody/send", "{\"data\":1}").text())
                    .isEqualTo(there.text());
            assertRefused(mute.get("/v1/peers"), 403, "action_not_permitted");
        }
    }

    @ParameterizedTest
    @MethodSource("noMessages")
    void whatIsNoMessageIs400AndNobodyHearsOfIt(String body) {
        try (Guest alice = Guest.named(acme, "alice")) {
            assertRefused(acme.post("/v1/peers/alice/send", body), 400, "invalid_request");

            alice.hasNotHeard("direct");
        }
    }

    static Stream<String> noMessages() {
        return Stream.of(
                "",
                "1",
                "{}",
                "{\"from\":\"a\"}",
                "{\"data\":}",
                "{\"data\":1}x",
                "{\"data\":1,\"data\":1}",
                "{\"data\":1,\"from\":\"\"}",
                "{\"data\":1,\"from\":7}",
                "{\"data\":1,\"from\":null}",
                "{\"data\":1,\"from\":\"a\\u0000\"}",
                "{\"data\":1,\"from\":\"" + "f".repeat(129) + "\"}",
                "{\"data\":1,\"peerMetadata\":\"x\"}",
                "{\"data\":1,\"peerMetadata\":{\"k\":\"" + "v".repeat(4096) + "\"}}",
                "{\"data\":" + "[".repeat(65) + "]".repeat(65) + "}");
    }

    @Test
    void theListHasWhoIsConnectedAndWhereOfTheChannelsTheKeyCovers() {
        try (Guest first = Guest.named(acme, "alice", "\"peerMetadata\":{\"n\":1}")
                        .join("room-1")
                        .join("cellar");
                Guest second =
                        Guest.named(acme, "alice", "\"peerMetadata\":{\"n\":1}").join("room-1");
                Guest bob = Guest.named(acme, "bob").join("hall/x").join("room-1");
                Guest carol = Guest.named(acme, "carol")) {
            String alice = "{\"peerId\":\"alice\",\"metadata\":{\"n\":1},\"connections\":2,\"channels\":[";
            assertThat(acme.get("/v1/peers").body())
                    .isEqualTo("{\"peers\":[" + alice + "\"cellar\",\"room-1\"]},"
                            + "{\"peerId\":\"bob\",\"connections\":1,\"channels\":[\"hall/x\",\"room-1\"]},"
                            + "{\"peerId\":\"carol\",\"connections\":1,\"channels\":[]}],\"next\":null}");
            assertThat(rooms.get("/v1/peers?limit=1").body())
                    .isEqualTo("{\"peers\":[" + alice + "\"room-1\"]}],\"next\":\"alice\"}");
            assertThat(rooms.get("/v1/peers?limit=1&after=alice&channels=hall/*")
                            .body())
                    .isEqualTo("{\"peers\":[{\"peerId\":\"bob\",\"connections\":1,\"channels\":[\"hall/x\"]}],"
                            + "\"next\":null}");
            assertThat(rooms.get("/v1/peers?channels=cellar").body()).isEqualTo("{\"peers\":[],\"next\":null}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%07"})
    void aPatternThatIsNoneIs400(String pattern) {
        assertRefused(acme.get("/v1/peers?channels=" + pattern), 400, "invalid_request");
    }
}
