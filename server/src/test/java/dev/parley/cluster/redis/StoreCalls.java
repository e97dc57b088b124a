// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls of a store that may still have to connect. */
final class StoreCalls {

    private static final int ATTEMPTS = 10;

    private StoreCalls() {}

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
