// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A request with an {@code Idempotency-Key} is done once by two servers, whichever of them is asked. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class ClusterRepliesTest {

    private static final int RACES = 30;
    private static final String PATH = "/v1/channels/room/publish";

    @TempDir
    private Path folder;

    private TwoServers servers;
    private Talker alice;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        servers = TwoServers.start(folder, AppLimits.defaults());
        alice = new Talker(servers.first(), "key=pk");
        alice.subscribe("room");
    }

    @AfterEach
    void stop() {
        client.close();
        alice.close();
        servers.close();
    }

    @Test
    void aRequestRepeatedAtTheOtherServerGetsTheFirstAnswer() {
        String answer = ask(servers.first(), "k", "1").join();
        assertThat(answer).startsWith("200 ").contains("\"delivered\":1");
        assertThat(alice.receive()).contains("\"data\":1");

        assertThat(ask(servers.second(), "k", "1").join()).isEqualTo(answer);
        assertThat(ask(servers.second(), "k", "2").join()).startsWith("422 ").contains("idempotency_key_reused");
        assertThat(ask(servers.second(), "another", "3").join()).startsWith("200 ");
        assertThat(alice.receive()).contains("\"data\":3");
    }

    @Test
    void aRequestThatWasRefusedMayBeTriedAtTheOtherServer() {
        assertThat(ask(servers.first(), "/v1/peers/nobody/send", "k", "1").join())
                .startsWith("404 ");
        assertThat(ask(servers.second(), "/v1/peers/nobody/send", "k", "1").join())
                .startsWith("404 ");
        assertThat(ask(servers.second(), "/v1/peers/" + alice.id() + "/send", "k", "1")
                        .join())
                .startsWith("200 ");
    }

    @Test
    void ofEqualRequestsToBothServersAtOnceOneIsDone() {
        for (int race = 0; race < RACES; race++) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(ask(servers.of(i), "k" + race, Integer.toString(race)));
            }
            assertThat(answers.stream().map(CompletableFuture::join))
                    .allMatch(answer -> answer.startsWith("200 ") || answer.contains("idempotency_key_in_use"))
                    .anyMatch(answer -> answer.startsWith("200 "));
            assertThat(alice.receive()).contains("\"data\":" + race);
        }
        alice.isThere();
    }

    /** Nobody knows whether it was done. */
    @Test
    void aRequestWhoseServerWasKilledMeanwhileIsNotDoneAgain() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        String asked = PATH + " {\"data\":1}";
        String request = HexFormat.of().formatHex(digest.digest(asked.getBytes(StandardCharsets.US_ASCII)));
        servers.command("HSET parley:k:demo:k request " + request + " server killed.0123456789abcdef");

        assertThat(ask(servers.first(), "k", "1").join()).startsWith("409 ").contains("idempotency_key_in_use");
        assertThat(ask(servers.second(), "k", "1").join()).startsWith("409 ");
        assertThat(ask(servers.second(), "another", "2").join()).startsWith("200 ");
        assertThat(alice.receive()).contains("\"data\":2");
    }

    private CompletableFuture<String> ask(TestServer server, String key, String data) {
        return ask(server, PATH, key, data);
    }

    private CompletableFuture<String> ask(TestServer server, String path, String key, String data) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer sk_id_demo:" + SettingsBuilder.SECRET.value())
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"data\":" + data + "}"))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> response.statusCode() + " " + response.body());
    }
}
