// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.DrainSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.SecretKey;
import dev.parley.rawclient.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two servers and one Redis: clients do not notice on which of the servers they are. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class TwoNodesTest {

    private static final String KEY = "key=pk_live_demo";
    private static final SecretKey SECRET_KEY = new SecretKey("sk_id_demo", SettingsBuilder.SECRET, KeyRights.all());
    private static final String ALICE = "token=" + Forge.token(SECRET_KEY, Forge.claims("alice"));

    @TempDir
    private Path folder;

    private RedisServer redis;
    private TestServer first;
    private TestServer second;
    private final List<Talker> talkers = new ArrayList<>();

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder);
        first = node("first");
        second = node("second");
    }

    private TestServer node(String name) {
        return TestServer.start(new SettingsBuilder()
                        .cluster(redis.uri(), name)
                        .drain(new DrainSettings(Duration.ZERO, Duration.ofSeconds(2)))
                        .build())
                .awaitReady();
    }

    @AfterEach
    void stop() {
        talkers.forEach(Talker::close);
        first.close();
        second.close();
        redis.close();
    }

    @Test
    void membersOfARoomSeeEachOtherAndReceiveWhatIsPublished() {
        Talker alice = talker(first);
        Talker bob = talker(second);
        alice.subscribe("room");
        assertThat(bob.ask(subscribe("room"))).contains("\"ack\"");
        assertThat(bob.receive()).contains("\"presence\"", alice.id());
        assertThat(alice.receive()).contains("\"presence\"", "joined", bob.id());

        assertThat(alice.publish("room")).contains("\"ack\"");
        assertThat(bob.receive()).contains("\"message\"", alice.id(), "\"data\":1");
        assertThat(bob.publish("room")).contains("\"ack\"");
        assertThat(alice.receive()).contains("\"message\"", bob.id(), "\"data\":1");

        bob.close();
        assertThat(alice.receive()).contains("\"presence\"", "left", bob.id());
        alice.isThere();
    }

    @Test
    void aPeerIsReachedOnWhicheverNodeItIs() {
        Talker alice = talker(first);
        Talker bob = talker(second);
        assertThat(alice.ask(send(bob.id()))).contains("\"ack\"");
        assertThat(bob.receive()).contains("\"direct\"", alice.id(), "\"data\":2");
        assertThat(alice.ask(send("nobody"))).contains("peer_not_found");
        alice.isThere();
        bob.isThere();
    }

    @Test
    void aPatternHearsRoomsOfOtherNodes() {
        Talker listener = talker(second);
        listener.subscribe("room-*");
        Talker alice = talker(first);
        assertThat(alice.publish("room-7")).contains("\"ack\"");
        assertThat(listener.receive()).contains("\"message\"", "room-7", alice.id());
        assertThat(alice.publish("other")).contains("\"ack\"");
        listener.isThere();
    }

    @Test
    void aBackEndReachesEveryPeerThroughAnyNode() throws Exception {
        Talker alice = talker(first);
        alice.subscribe("room");
        assertThat(rest(second, "POST", "/v1/channels/room/publish", "{\"data\":{\"n\":3}}"))
                .contains("1");
        assertThat(alice.receive()).contains("\"message\"", "\"n\":3");
        assertThat(rest(second, "DELETE", "/v1/peers/" + alice.id(), "")).contains("1");
        assertThat(alice.receive()).isEqualTo("close 4020 admin_disconnect");
    }

    @Test
    void listsForBackEndsAreTheSameThroughEveryServer() throws Exception {
        Talker alice = talker(first, ALICE);
        alice.subscribe("both");
        alice.subscribe("first-only");
        Talker bob = talker(second);
        bob.subscribe("both");
        for (TestServer server : List.of(first, second)) {
            assertThat(rest(server, "GET", "/v1/channels", ""))
                    .isEqualTo("200 {\"channels\":[{\"channel\":\"both\",\"peers\":2},"
                            + "{\"channel\":\"first-only\",\"peers\":1}],\"next\":null}");
            assertThat(rest(server, "GET", "/v1/channels/both/peers", "")).contains("alice", bob.id());
            assertThat(rest(server, "GET", "/v1/peers?channels=first-*", ""))
                    .contains("\"peerId\":\"alice\"", "\"connections\":1", "[\"first-only\"]")
                    .doesNotContain(bob.id());
        }
        assertThat(rest(first, "GET", "/v1/channels?limit=1", "")).contains("both", "\"next\":\"both\"");
        assertThat(rest(second, "GET", "/v1/channels?limit=1&after=both", "")).contains("first-only", "null");
    }

    @Test
    void aNodeThatIsStoppedLeavesNobodyBehind() {
        Talker alice = talker(first);
        alice.subscribe("room");
        Talker bob = talker(second);
        assertThat(bob.ask(subscribe("room"))).contains("\"ack\"");
        assertThat(bob.receive()).contains(alice.id());
        assertThat(alice.receive()).contains(bob.id());
        alice.answerPings();
        first.close();

        assertThat(bob.receive()).contains("\"presence\"", "left", alice.id());
    }

    @Test
    void aDeadConnectionOnAnotherServerIsGoneBeforeItsPeerIsThereAgain() {
        Talker watcher = talker(first);
        watcher.subscribe("room");
        Talker dead = talker(first, ALICE);
        dead.subscribe("room");
        assertThat(watcher.receive()).contains("joined", "alice");

        Talker back = talker(second, ALICE);
        back.subscribe("room");
        assertThat(watcher.receive()).contains("\"left\":[{\"peerId\":\"alice\"");
        assertThat(watcher.receive()).contains("\"joined\":[{\"peerId\":\"alice\"");
        back.isThere();
    }

    @Test
    void aLivingConnectionOnAnotherServerStays() {
        Talker watcher = talker(first);
        watcher.subscribe("room");
        Talker tab = talker(first, ALICE);
        tab.subscribe("room");
        assertThat(watcher.receive()).contains("joined", "alice");
        tab.answerPings();

        Talker another = talker(second, ALICE);
        another.subscribe("room");
        assertThat(watcher.ask(send("alice"))).contains("\"ack\"");
        assertThat(another.receive()).contains("\"direct\"");
    }

    @Test
    void aServerSaysWhichNodeItIs() {
        assertThat(Operator.get(first.adminPort(), "/ready")).contains("\"status\":\"ready\"", "\"node\":\"first.");
    }

    private Talker talker(TestServer node) {
        return talker(node, KEY);
    }

    private Talker talker(TestServer node, String credential) {
        Talker talker = new Talker(node, credential);
        talkers.add(talker);
        return talker;
    }

    private static String subscribe(String channel) {
        return "{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"" + channel + "\"}";
    }

    private static String send(String to) {
        return "{\"type\":\"send\",\"requestId\":\"d\",\"to\":\"" + to + "\",\"data\":2}";
    }

    private static String rest(TestServer node, String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .header("Authorization", "Bearer sk_id_demo:" + SettingsBuilder.SECRET.value())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }
}
