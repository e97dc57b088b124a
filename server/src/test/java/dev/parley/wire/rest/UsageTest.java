// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static dev.parley.wire.rest.TokensTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.wire.SettingsBuilder;
import dev.parley.wire.TestServer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code GET /v1/usage}, and what happens when a quota is used up. */
class UsageTest {

    @Test
    void usageTellsHowMuchAnAppUsesWithinTheMonth() {
        try (RestServer server = new RestServer()) {
            Rest acme = server.as(TestApps.MUTE);
            LocalDate month = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
            try (Guest alice = Guest.withKey(server.port(), TestApps.PUBLISHABLE)) {
                assertThat(alice.ask("publish", "\"channel\":\"c\",\"data\":1")).isEqualTo("ack");
                Guest.withKey(server.port(), TestApps.PUBLISHABLE).close();

                JsonNode usage = acme.get("/v1/usage").json();
                assertThat(usage.path("appId").asString()).isEqualTo("acme");
                assertThat(usage.path("periodStartUnix").asLong()).isEqualTo(start(month));
                assertThat(usage.path("periodEndUnix").asLong()).isEqualTo(start(month.plusMonths(1)));
                assertThat(usage.path("concurrentNow").asInt()).isBetween(1, 2);
                assertThat(usage.path("peakConcurrent").asInt()).isEqualTo(2);
                assertThat(usage.path("messagesUsed").asInt()).isEqualTo(1);
                assertThat(usage.path("plan").toString())
                        .isEqualTo("{\"name\":null,\"maxConcurrentConnections\":2147483647,"
                                + "\"maxMessagesPerPeriod\":9007199254740991,\"overagesAllowed\":false,"
                                + "\"overagesEnabled\":false}");
            }
        }
    }

    @Test
    void aSendToAPeerThatIsNotConnectedCountsForNothing() {
        try (RestServer server = new RestServer()) {
            Rest acme = server.as(TestApps.ACME);
            try (Guest alice = Guest.withKey(server.port(), TestApps.PUBLISHABLE)) {
                assertThat(alice.ask("send", "\"to\":\"nobody\",\"data\":1")).isEqualTo("peer_not_found");
                assertRefused(acme.post("/v1/peers/nobody/send", "{\"data\":1}"), 404, "peer_not_found");

                assertThat(acme.get("/v1/usage").json().path("messagesUsed").asInt())
                        .isZero();
                assertThat(alice.ask("send", "\"to\":\"" + alice.peerId() + "\",\"data\":1"))
                        .isEqualTo("ack");
                assertThat(acme.get("/v1/usage").json().path("messagesUsed").asInt())
                        .isEqualTo(1);
            }
        }
    }

    private static long start(LocalDate day) {
        return day.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    }

    @Test
    void anAppThatHasSentAllItMayIs429UntilThePeriodEnds() {
        try (TestServer server = TestServer.start(new SettingsBuilder()
                .apps(TestApps.withQuota(TestApps.acme(), 2))
                .build())) {
            Rest acme = Rest.at(server.port()).as(TestApps.ACME);
            try (Guest alice = Guest.named(acme, "alice").join("room-1")) {
                assertThat(acme.post("/v1/channels/room-1/publish", "{\"data\":1}")
                                .status())
                        .isEqualTo(200);
                assertThat(acme.post("/v1/peers/alice/send", "{\"data\":2}").status())
                        .isEqualTo(200);
                assertThat(alice.receive("direct")).contains("2");
                Answer refused = acme.post("/v1/channels/room-1/publish", "{\"data\":3}");
                assertRefused(refused, 429, "over_message_quota");
                assertThat(Long.parseLong(refused.header("retry-after").getFirst()))
                        .isBetween(1L, 31L * 86_400);
                assertRefused(acme.post("/v1/peers/alice/send", "{\"data\":3}"), 429, "over_message_quota");
                alice.hasNotHeard("message");
                assertThat(acme.get("/v1/usage")
                                .json()
                                .path("plan")
                                .path("maxMessagesPerPeriod")
                                .asLong())
                        .isEqualTo(2);
            }
        }
    }
}
