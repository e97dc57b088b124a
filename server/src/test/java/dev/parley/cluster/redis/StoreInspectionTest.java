// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.config.ClusterSettings;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            assertThat(found.facts())
                    .singleElement()
                    .asString()
                    .startsWith("redis 7.")
                    .contains("without a replica");
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
    void refusesOneThatCannotBeUsedWithTheReason() throws SettingException {
        RedisServer gone = RedisServer.start(folder);
        gone.close();
        assertRefused(settings(gone, Optional.empty()), "Connection refused");
        try (RedisServer redis = RedisServer.start(folder, "--requirepass", "secret-word")) {
            assertRefused(settings(redis, Optional.empty()), "NOAUTH");
            assertRefused(settings(redis, Optional.of(new Secret("other-word"))), "WRONGPASS");
            assertThat(StoreInspection.of(settings(redis, Optional.of(new Secret("secret-word"))))
                            .facts())
                    .hasSize(1);
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
            assertThat(StoreInspection.of(as("parley", redis)).facts()).hasSize(1);

            redis.command("ACL SETUSER parley -xadd");
            assertRefused(as("parley", redis), "XADD");
        }
    }

    private static ClusterSettings as(String user, RedisServer redis) {
        return new ClusterSettings(
                redis.uri(), Optional.of(user), Optional.of(new Secret("secret-word")), Optional.empty(), "parley");
    }

    private static void assertRefused(ClusterSettings settings, String reason) {
        assertThatThrownBy(() -> StoreInspection.of(settings))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("cluster.redis: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("-word");
    }

    private static ClusterSettings settings(RedisServer redis, Optional<Secret> password) {
        return new ClusterSettings(redis.uri(), Optional.empty(), password, Optional.empty(), "parley");
    }
}
