// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import dev.parley.config.RoomCapacity;
import dev.parley.rawclient.RawClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The limits of an app hold for all servers together, and so do the shares of client addresses in them. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class ClusterLimitsTest {

    private static final int LIMIT = 40;
    private static final String ATTACKER = "127.0.0.2";
    private static final String HOME = "127.0.0.3";
    private static final String JOIN = "{\"type\":\"subscribe\",\"requestId\":\"r\",\"channel\":\"room\"}";
    private static final String PUBLISH = "{\"type\":\"publish\",\"requestId\":\"r\",\"channel\":\"room\",\"data\":1}";

    @TempDir
    private Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private TwoServers servers;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable it : opened.reversed()) {
            it.close();
        }
    }

    @Test
    void aRoomTakesAsManyPeersAsItMayFromBothServers() {
        start(new AppLimits(0, AppLimits.PATTERNS, List.of(new RoomCapacity("room", LIMIT)), 0));
        AtomicInteger admitted = new AtomicInteger();
        List<RawClient> clients = IntStream.range(0, 2 * LIMIT)
                .mapToObj(i -> client(servers.of(i), "127.0.1." + (1 + i)))
                .toList();
        clients.forEach(it -> it.text(JOIN));
        clients.forEach(it -> admitted.addAndGet(answer(it).contains("\"ack\"") ? 1 : 0));

        assertThat(admitted).hasValue(LIMIT);
    }

    @Test
    void peersOfOneAddressLeavePlacesOfARoomToOthersWhicheverServerTheyUse() {
        start(new AppLimits(0, AppLimits.PATTERNS, List.of(new RoomCapacity("room", LIMIT)), 0));
        for (int i = 0; i < LIMIT / 2; i++) {
            assertThat(ask(servers.of(i), ATTACKER, JOIN)).contains("\"ack\"");
        }

        assertThat(ask(servers.first(), ATTACKER, JOIN)).contains("\"channel_full\"");
        assertThat(ask(servers.second(), ATTACKER, JOIN)).contains("\"channel_full\"");
        assertThat(ask(servers.first(), HOME, JOIN)).contains("\"ack\"");
    }

    @Test
    void connectionsOfAnAppAreCountedOnBothServers() {
        start(new AppLimits(LIMIT, AppLimits.PATTERNS, List.of(), 0));
        for (int i = 0; i < LIMIT / 2; i++) {
            assertThat(welcome(servers.of(i), ATTACKER)).contains("\"welcome\"");
        }

        assertThat(welcome(servers.first(), ATTACKER)).isEqualTo("close 4010 over_concurrent_limit");
        assertThat(welcome(servers.second(), ATTACKER)).isEqualTo("close 4010 over_concurrent_limit");
        assertThat(welcome(servers.first(), HOME)).contains("\"welcome\"");
    }

    @Test
    void aSessionThatWasRefusedLeavesNothingBehind() {
        start(new AppLimits(LIMIT, AppLimits.PATTERNS, List.of(), 0));
        List<RawClient> elsewhere = new ArrayList<>();
        for (int i = 0; i < LIMIT / 4; i++) {
            elsewhere.add(client(servers.first(), ATTACKER));
            client(servers.second(), ATTACKER);
        }
        for (int i = 0; i < LIMIT / 4; i++) {
            assertThat(lasting(servers.second(), ATTACKER)).contains("4010");
        }
        elsewhere.forEach(RawClient::close);
        for (int i = 0; i < LIMIT / 4; i++) {
            String answer = welcome(servers.second(), ATTACKER);
            while (!answer.contains("\"welcome\"")) { // until the others have noticed who left
                answer = welcome(servers.second(), ATTACKER);
            }
        }

        assertThat(Operator.get(servers.second().adminPort(), "/metrics")).contains("parley_sessions_away 0");
    }

    private String lasting(TestServer server, String address) {
        RawClient client = RawClient.from(address, server.port())
                .upgrade("/v1", "Host: localhost", "Sec-WebSocket-Protocol: parley.v1, key.pk");
        opened.add(client);
        return client.read();
    }

    @Test
    void whatAnAppSentThroughOneServerCountsOnTheOther() throws Exception {
        start(new AppLimits(0, AppLimits.PATTERNS, List.of(), LIMIT));
        for (int i = 0; i < LIMIT / 2; i++) {
            assertThat(ask(servers.first(), ATTACKER, PUBLISH)).contains("\"ack\"");
        }
        for (int i = 0; i < LIMIT / 4; i++) {
            assertThat(ask(servers.first(), HOME, PUBLISH)).contains("\"ack\"");
        }
        while (!usage(servers.second()).contains("\"messagesUsed\":" + LIMIT * 3 / 4)) {
            Thread.onSpinWait(); // it learns of them with the next sign of life
        }
        RawClient client = client(servers.second(), "127.0.0.4");
        int sent = 0;
        String answer;
        do {
            client.text(PUBLISH);
            answer = answer(client);
            sent++;
        } while (answer.contains("\"ack\""));

        assertThat(answer).contains("\"over_message_quota\"");
        assertThat(sent).isEqualTo(LIMIT / 8 + 1); // as many as are free by then, and the one that is refused
    }

    private static String usage(TestServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/usage"))
                .header("Authorization", "Bearer sk_id_demo:" + SettingsBuilder.SECRET.value())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private void start(AppLimits limits) {
        servers = TwoServers.start(folder, limits);
        opened.add(servers);
    }

    private String ask(TestServer server, String address, String message) {
        RawClient client = client(server, address);
        client.text(message);
        return answer(client);
    }

    /** A client that has read its welcome. */
    private RawClient client(TestServer server, String address) {
        assertThat(welcome(server, address)).contains("\"welcome\"");
        return (RawClient) opened.getLast();
    }

    private String welcome(TestServer server, String address) {
        RawClient client = RawClient.from(address, server.port()).upgrade("/v1?key=pk");
        opened.add(client);
        return client.read();
    }

    /** The answer to its request: the next frame that is neither presence nor a message of another one. */
    private static String answer(RawClient client) {
        String frame = client.read();
        while (!frame.contains("\"requestId\":\"r\"")) {
            assertThat(frame).startsWith("text");
            frame = client.read();
        }
        return frame;
    }
}
