// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.wire.Healthy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two apps with the same peer ids and the same channels: nothing of one is seen or touched by the other. */
class IsolationTest {

    private RestServer server;
    private Rest acme;
    private Rest rival;
    private Guest acmesAlice;
    private Guest rivalsAlice;

    @RegisterExtension
    private final Healthy healthy = Healthy.eachTime(() -> server.port(), "key=" + TestApps.PUBLISHABLE);

    @BeforeEach
    void start() {
        server = new RestServer();
        acme = server.as(TestApps.ACME);
        rival = server.as(TestApps.RIVAL);
        acmesAlice =
                Guest.named(acme, "alice", "\"peerMetadata\":{\"of\":\"acme\"}").join("room-1");
        rivalsAlice = Guest.named(rival, "alice").join("room-1");
    }

    @AfterEach
    void stop() {
        acmesAlice.close();
        rivalsAlice.close();
        server.close();
    }

    @Test
    void presenceMessagesAndSignalsStayInTheirApp() {
        try (Guest bob = Guest.named(acme, "bob").join("room-1")) {
            assertThat(acmesAlice.receive("presence")).contains("bob");
            assertThat(bob.ask("publish", "\"channel\":\"room-1\",\"data\":1")).isEqualTo("ack");
            assertThat(bob.ask("send", "\"to\":\"alice\",\"data\":2")).isEqualTo("ack");
            assertThat(acmesAlice.receive("direct")).contains("\"data\":2");

            for (String type : List.of("presence", "message", "direct")) {
                rivalsAlice.hasNotHeard(type);
            }
        }
    }

    @Test
    void rostersAndListsShowTheirAppOnly() {
        try (Guest bob = Guest.named(acme, "bob").join("secret-room")) {
            assertThat(rival.get("/v1/channels/room-1/peers").body())
                    .isEqualTo("{\"channel\":\"room-1\",\"peers\":[{\"peerId\":\"alice\"}]}");
            assertThat(rival.get("/v1/channels").body())
                    .isEqualTo("{\"channels\":[{\"channel\":\"room-1\",\"peers\":1}],\"next\":null}");
            assertThat(rival.get("/v1/peers").body())
                    .isEqualTo("{\"peers\":[{\"peerId\":\"alice\",\"connections\":1,\"channels\":[\"room-1\"]}],"
                            + "\"next\":null}");
            assertThat(rival.get("/v1/usage").json().path("concurrentNow").asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatABackEndSaysStaysInItsApp() {
        assertThat(rival.post("/v1/channels/room-1/publish", "{\"data\":1}").body())
                .isEqualTo("{\"channel\":\"room-1\",\"delivered\":1}");
        assertThat(rival.post("/v1/peers/alice/send", "{\"data\":1}").body())
                .isEqualTo("{\"peerId\":\"alice\",\"delivered\":1}");

        acmesAlice.hasNotHeard("message");
        acmesAlice.hasNotHeard("direct");
    }

    @Test
    void whoIsPutOutIsThePeerOfTheOwnAppOnly() {
        assertThat(rival.delete("/v1/peers/alice").body()).isEqualTo("{\"peerId\":\"alice\",\"closed\":1}");

        assertThat(rivalsAlice.next()).isEqualTo("close 4020 admin_disconnect");
        acmesAlice.hasNotHeard("close");
        assertThat(rival.delete("/v1/peers/alice").body()).isEqualTo("{\"peerId\":\"alice\",\"closed\":0}");
    }

    @Test
    void aPeerOfAnotherAppIsAnsweredAsOneThatIsNobody() {
        try (Guest bob = Guest.named(acme, "bob").join("acmes-room")) {
            assertThat(rival.post("/v1/peers/bob/send", "{\"data\":1}").text())
                    .isEqualTo(rival.post("/v1/peers/ben/send", "{\"data\":1}").text());
            assertThat(rival.delete("/v1/peers/bob").text())
                    .isEqualTo(rival.delete("/v1/peers/ben").text().replace("ben", "bob"));
            assertThat(rival.get("/v1/channels/acmes-room/peers").text())
                    .isEqualTo(rival.get("/v1/channels/other-room/peers")
                            .text()
                            .replace("other-room", "acmes-room")
                            .replace(
                                    "content-length: " + "{\"channel\":\"other-room\",\"peers\":[]}".length(),
                                    "content-length: " + "{\"channel\":\"acmes-room\",\"peers\":[]}".length()));
        }
    }

    @Test
    void aKeyOfIdempotencyBelongsToItsApp() {
        String key = "Idempotency-Key: 1";
        assertThat(acme.post("/v1/channels/room-1/publish", "{\"data\":1}", key).status())
                .isEqualTo(200);
        assertThat(rival.post("/v1/channels/room-1/publish", "{\"data\":1}", key)
                        .status())
                .isEqualTo(200);
        assertThat(rivalsAlice.receive("message")).contains("\"data\":1");
    }
}
