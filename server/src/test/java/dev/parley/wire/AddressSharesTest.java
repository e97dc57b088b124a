// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.RoomCapacity;
import dev.parley.rawclient.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What clients at one address leave of the limits of their app to clients at others. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class AddressSharesTest {

    private static final int LIMIT = 40;
    private static final String ATTACKER = "127.0.0.2";
    private static final String HOME = "127.0.0.3";
    private static final String JOIN = "{\"type\":\"subscribe\",\"requestId\":\"r\",\"channel\":\"room\"}";
    private static final String PUBLISH = "{\"type\":\"publish\",\"requestId\":\"r\",\"channel\":\"room\",\"data\":1}";

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void closeAll() {
        clients.forEach(RawClient::close);
    }

    @Test
    void idleConnectionsOfOneAddressLeaveConnectionsToOthers() {
        try (TestServer server = start(new AppLimits(LIMIT, AppLimits.PATTERNS, List.of(), 0))) {
            for (int i = 0; i < LIMIT / 2; i++) {
                assertThat(connect(server, ATTACKER)).contains("\"welcome\"");
            }

            assertThat(connect(server, ATTACKER)).isEqualTo("close 4010 over_concurrent_limit");
            assertThat(connect(server, HOME)).contains("\"welcome\"");
            clients.getFirst().close();
            String answer = connect(server, ATTACKER);
            while (!answer.contains("\"welcome\"")) { // until the server has noticed
                answer = connect(server, ATTACKER);
            }
        }
    }

    @Test
    void peersOfOneAddressLeavePlacesOfALargeChannelToOthers() {
        RoomCapacity capacity = new RoomCapacity("room", LIMIT);
        try (TestServer server = start(new AppLimits(0, AppLimits.PATTERNS, List.of(capacity), 0))) {
            for (int i = 0; i < LIMIT / 2; i++) {
                assertThat(ask(server, ATTACKER, JOIN)).doesNotContain("\"error\"");
            }

            assertThat(ask(server, ATTACKER, JOIN)).contains("\"error\"", "\"channel_full\"");
            assertThat(ask(server, HOME, JOIN)).doesNotContain("\"error\"");
        }
    }

    @Test
    void messagesOfOneAddressLeaveTheQuotaOfTheMonthToOthers() {
        try (TestServer server = start(new AppLimits(0, AppLimits.PATTERNS, List.of(), LIMIT))) {
            for (int i = 0; i < LIMIT / 2; i++) {
                assertThat(ask(server, ATTACKER, PUBLISH)).contains("\"ack\"");
            }

            assertThat(ask(server, ATTACKER, PUBLISH)).contains("\"over_message_quota\"");
            assertThat(ask(server, HOME, PUBLISH)).contains("\"ack\"");
        }
    }

    private String ask(TestServer server, String address, String message) {
        assertThat(connect(server, address)).contains("\"welcome\"");
        RawClient client = clients.getLast();
        client.text(message);
        return client.read();
    }

    private String connect(TestServer server, String address) {
        RawClient client = RawClient.from(address, server.port()).upgrade("/v1?key=pk");
        clients.add(client);
        return client.read();
    }

    private static TestServer start(AppLimits limits) {
        List<PublishableKey> keys = List.of(new PublishableKey("pk", KeyRights.all(), List.of()));
        AppSettings app = new AppSettings("demo", true, keys, List.of(), List.of(), limits);
        return TestServer.start(new SettingsBuilder().apps(app).build());
    }
}
