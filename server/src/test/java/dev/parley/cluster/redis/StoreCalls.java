// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import dev.parley.config.ClusterSettings;
import dev.parley.rawclient.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls of a store that may still have to connect. */
final class StoreCalls {

    private static final int ATTEMPTS = 10;

    private StoreCalls() {}

    /** A store on this Redis, which is to be started. */
    static RedisStore store(RedisServer redis) {
        ClusterSettings settings = new ClusterSettings(
                redis.uri(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), "test", 0);
        return new RedisStore(settings, () -> "epoch", Duration.ZERO);
    }

    /** Begins a node, and returns its incarnation. */
    static String begin(RedisStore store, String node) throws Exception {
        return ((StoreReply.Begun) call(store, new StoreCall.Begin(node))).incarnation();
    }

    /** Decides commands of a node that reads nothing meanwhile. */
    static void decide(RedisStore store, String node, List<StoreCall.Numbered> commands) throws Exception {
        call(store, new StoreCall.Decide(node, commands, StoreCall.Decide.NO_PAGE));
    }

    /** Calls the store until it replies, and returns the reply. */
    static StoreReply call(RedisStore store, StoreCall call) throws Exception {
        for (int attempt = 0; ; attempt++) {
            CompletableFuture<StoreReply> reply = new CompletableFuture<>();
            store.send(call, reply::complete);
            try {
                return reply.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (attempt > ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
