// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.SecretKey;
import dev.parley.rawclient.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two servers on one Redis, with one app, whose publishable key is {@code pk}. */
final class TwoServers implements AutoCloseable {

    private static final SecretKey SECRET_KEY = new SecretKey("sk_id_demo", SettingsBuilder.SECRET, KeyRights.all());

    private final RedisServer redis;
    private final List<TestServer> servers = new ArrayList<>();

    private TwoServers(RedisServer redis) {
        this.redis = redis;
    }

    /** @param folder for Redis */
    static TwoServers start(Path folder, AppLimits limits) {
        TwoServers both = new TwoServers(RedisServer.start(folder));
        List<PublishableKey> keys = List.of(new PublishableKey("pk", KeyRights.all(), List.of()));
        AppSettings app = new AppSettings("demo", true, keys, List.of(SECRET_KEY), List.of(), limits);
        for (String name : List.of("first", "second")) {
            both.servers.add(TestServer.start(new SettingsBuilder()
                    .apps(app)
                    .cluster(both.redis.uri(), name)
                    .drain(new DrainSettings(Duration.ZERO, Duration.ofSeconds(2)))
                    .build()));
        }
        both.servers.forEach(TestServer::awaitReady);
        return both;
    }

    TestServer first() {
        return servers.getFirst();
    }

    TestServer second() {
        return servers.getLast();
    }

    /** Has their Redis do a command. */
    void command(String words) {
        redis.command(words);
    }

    /** Returns one of them, by any number. */
    TestServer of(int number) {
        return servers.get(number % servers.size());
    }

    @Override
    public void close() {
        servers.reversed().forEach(TestServer::close);
        redis.close();
    }
}
