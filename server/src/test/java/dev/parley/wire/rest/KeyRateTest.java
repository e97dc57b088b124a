// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.SettingsBuilder;
import dev.parley.wire.TestServer;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code limits.restPerSecond} and {@code limits.restBurst}; the counting is in control.RestApiTest. */
class KeyRateTest {

    private static final int BURST = 10;
    private static final int REQUESTS = 60;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d+)");

    @Test
    void aKeyThatIsUsedTooOftenIs429AndNoOtherKeyIs() {
        try (TestServer server = TestServer.start(new SettingsBuilder()
                .apps(TestApps.acme(), TestApps.rival())
                .limits(new LimitsBuilder().rest(1, BURST).build())
                .build())) {
            Rest nobody = Rest.at(server.port());

            List<String> statuses = hurry(server.port(), TestApps.ACME);

            assertThat(statuses).hasSize(REQUESTS);
            assertThat(statuses.subList(0, BURST)).containsOnly("200");
            assertThat(statuses).contains("429");
            assertThat(nobody.as(TestApps.ROOMS).get("/v1/usage").status()).isEqualTo(200);
            assertThat(nobody.as(TestApps.RIVAL).get("/v1/usage").status()).isEqualTo(200);
        }
    }

    /** The statuses of many requests that are sent at once. */
    private static List<String> hurry(int port, TestApps.Key key) {
        String request =
                "GET /v1/usage HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key.credential() + "\r\n";
        try (RawClient client = RawClient.tcp(port)) {
            client.send((request + "\r\n").repeat(REQUESTS - 1) + request + "Connection: close\r\n\r\n");
            return STATUS.matcher(client.readAll())
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
        }
    }
}
