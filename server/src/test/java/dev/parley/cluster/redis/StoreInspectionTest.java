// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.config.ClusterSettings;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import dev.parley.rawclient.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class StoreInspectionTest {

    @TempDir
    private Path folder;

    @Test
    void saysWhatItFound() throws SettingException {
        try (RedisServer redis = RedisServer.start(folder)) {
            StoreInspection found = StoreInspection.of(settings(redis, Optional.empty()));
            assertThat(found.facts()).hasSize(2);
            assertThat(found.facts().getFirst()).startsWith("Redis 7.").contains("without a replica");
            assertThat(found.facts().getLast()).contains("cluster.wait: 1");
            assertThat(found.warnings()).isEmpty();
        }
    }

    @Test
    void warnsOfAStoreThatRemovesKeysByItself() throws SettingException {
        try (RedisServer redis = RedisServer.start(folder, "--maxmemory-policy", "allkeys-lru")) {
            assertThat(StoreInspection.of(settings(redis, Optional.empty())).warnings())
                    .singleElement()
                    .asString()
                    .contains("maxmemory-policy allkeys-lru", "set noeviction");
        }
    }

    @Test
    void warnsOfReplicasThatAreNotThere() throws SettingException {
        try (RedisServer redis = RedisServer.start(folder)) {
            ClusterSettings two = new ClusterSettings(
                    redis.uri(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), "parley", 2);
            assertThat(StoreInspection.of(two).warnings())
                    .singleElement()
                    .asString()
                    .contains("cluster.wait", "2 replicas", "0 are connected");
        }
    }

    @Test
    void refusesOneThatCannotBeUsedWithTheReason() throws SettingException {
        RedisServer gone = RedisServer.start(folder);
        gone.close();
        assertRefused(settings(gone, Optional.empty()), "does Redis run there?");
        try (RedisServer redis = RedisServer.start(folder, "--requirepass", "secret-word")) {
            assertRefused(settings(redis, Optional.empty()), "set cluster.passwordFile");
            assertRefused(
                    settings(redis, Optional.of(new Secret("other-word"))),
                    "see cluster.user and cluster.passwordFile");
            assertRefused(at(redis.uri().replace("redis:", "rediss:"), Optional.empty()), "rediss:// needs TLS there");
            assertThat(StoreInspection.of(settings(redis, Optional.of(new Secret("secret-word"))))
                            .facts())
                    .hasSize(2);
        }
        try (RedisServer replica = RedisServer.start(folder, "--replicaof", "127.0.0.1", "1")) {
            assertRefused(settings(replica, Optional.empty()), "this is a replica");
        }
    }

    @Test
    void aUserWithTheCommandsOfTheDocumentsSuffices() throws Exception {
        String page = Files.readString(Path.of("../docs/scaling.md"));
        Matcher rules = Pattern.compile("commands: `(~[^`]*)`").matcher(page);
        assertThat(rules.find()).isTrue();
        String documented = rules.group(1).replaceAll("\\s+", " ");
        try (RedisServer redis = RedisServer.start(folder)) {
            redis.command("ACL SETUSER parley on >secret-word " + documented);
            assertThat(StoreInspection.of(as("parley", redis)).facts()).hasSize(2);

            redis.command("ACL SETUSER parley -xadd");
            assertRefused(as("parley", redis), "XADD");
        }
    }

    private static ClusterSettings as(String user, RedisServer redis) {
        return new ClusterSettings(
                redis.uri(),
                List.of(),
                Optional.of(user),
                Optional.of(new Secret("secret-word")),
                Optional.empty(),
                "parley",
                0);
    }

    private static void assertRefused(ClusterSettings settings, String reason) {
        assertThatThrownBy(() -> StoreInspection.of(settings))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("cluster.redis: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("-word");
    }

    /** The first line of an HTTP server is no reply of Redis. */
    @Test
    void saysThatSomethingElseAnswersOrTheHostIsUnknown() throws IOException {
        try (ServerSocket http = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerAll(http));
            assertRefused(at("redis://127.0.0.1:" + http.getLocalPort(), Optional.empty()), "the protocol of Redis");
        }
        assertRefused(at("redis://nowhere.invalid:6379", Optional.empty()), "the host of the address is unknown");
    }

    private static void answerAll(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().readAllBytes();
            } catch (IOException e) {
                // the client is gone, or the test is over
            }
        }
    }

    private static ClusterSettings settings(RedisServer redis, Optional<Secret> password) {
        return at(redis.uri(), password);
    }

    private static ClusterSettings at(String uri, Optional<Secret> password) {
        return new ClusterSettings(uri, List.of(), Optional.empty(), password, Optional.empty(), "parley", 0);
    }
}
