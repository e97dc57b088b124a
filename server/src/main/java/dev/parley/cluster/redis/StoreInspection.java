// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.config.ClusterSettings;
import dev.parley.config.SettingException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an operator should know of a store before servers rely on it.
 *
 * @param facts a sentence each
 * @param warnings what works and may cost peers, a sentence each
 */
public record StoreInspection(List<String> facts, List<String> warnings) {

    private static final String SETTING = "cluster.redis: ";
    private static final int LEAST_VERSION = 7;

    /** Keeps copies. */
    public StoreInspection {
        facts = List.copyOf(facts);
        warnings = List.copyOf(warnings);
    }

    /**
     * Connects to the store, and looks at it.
     *
     * @throws SettingException if it cannot be used, with a line that says why
     */
    public static StoreInspection of(ClusterSettings settings) throws SettingException {
        RedisClient client = RedisClient.create(RedisStore.address(settings));
        client.setOptions(RedisStore.options(settings));
        try (client;
                StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            return inspect(connection.sync(), settings);
        } catch (RedisException e) {
            throw new SettingException(
                    SETTING + "Redis at " + settings.redis() + " cannot be used: " + FailureText.of(e));
        }
    }

    private static StoreInspection inspect(RedisCommands<byte[], byte[]> redis, ClusterSettings settings)
            throws SettingException {
        Map<String, String> info = RedisInfo.of(redis.info());
        String version = info.getOrDefault("redis_version", "0");
        if (Integer.parseInt(version.split("[.]", 2)[0]) < LEAST_VERSION) {
            throw new SettingException(SETTING + "Redis " + version + " is too old: 7.0 or newer is needed");
        }
        if (!"master".equals(info.get("role"))) {
            throw new SettingException(SETTING + "this is a replica: name the primary, or the Sentinels that know it");
        }
        loadScripts(redis);
        tryCommands(redis, settings.prefix());
        List<String> warnings = new ArrayList<>();
        String policy = info.getOrDefault("maxmemory_policy", "noeviction");
        if (!policy.equals("noeviction")) {
            warnings.add(SETTING + "with maxmemory-policy " + policy + " Redis may remove keys, and with them peers:"
                    + " set noeviction");
        }
        if (settings.replicas() > 0) {
            redis.waitForReplication(0, 1); // whether the user may
        }
        int connected = Integer.parseInt(info.getOrDefault("connected_slaves", "0"));
        if (connected < settings.replicas()) {
            warnings.add("cluster.wait: " + settings.replicas() + " replicas are waited for, and " + connected
                    + " are connected: nothing is acknowledged");
        }
        String found = "Redis " + version + ": " + replicas(info) + "; " + memory(info);
        return new StoreInspection(List.of(found, worth(settings.replicas())), warnings);
    }

    private static void loadScripts(RedisCommands<byte[], byte[]> redis) throws SettingException {
        try {
            for (RedisScript script : RedisScript.values()) {
                redis.scriptLoad(script.text());
            }
        } catch (RedisCommandExecutionException e) {
            throw new SettingException(SETTING + "scripts cannot be loaded: " + FailureText.of(e));
        }
    }

    private static void tryCommands(RedisCommands<byte[], byte[]> redis, String prefix) throws SettingException {
        byte[] fault = redis.evalsha(
                RedisScript.CHECK.digest(), RedisScript.CHECK.output(), new byte[][] {CommandArguments.text(prefix)});
        if (fault != null && fault.length > 0) {
            throw new SettingException(SETTING + "the user may not do all that is needed: "
                    + new String(fault, StandardCharsets.UTF_8) + " (docs/scaling.md names the commands)");
        }
    }

    private static String replicas(Map<String, String> info) {
        String replicas = info.getOrDefault("connected_slaves", "0");
        return replicas.equals("0")
                ? "without a replica: while Redis is away, servers cannot reach each other"
                : "with " + replicas + " replicas; what they miss when they take over is written anew";
    }

    private static String worth(int replicas) {
        return replicas == 0
                ? "an acknowledged signal is lost if Redis fails in that moment; cluster.wait: 1 waits for a replica"
                : "an acknowledged signal is in Redis and " + replicas + " of its replicas";
    }

    private static String memory(Map<String, String> info) {
        String most = info.getOrDefault("maxmemory", "0");
        return most.equals("0")
                ? "no maxmemory is set: it may take all memory of its machine"
                : "maxmemory " + info.getOrDefault("maxmemory_human", most);
    }
}
