// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.core.port.HttpReply;
import dev.parley.core.port.SharedReplies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replies to requests of back ends, in Redis for ten minutes each. They do not belong to a state of the cluster: one
 * that is lost takes none of them along, unless Redis itself has lost it. Safe from any thread.
 */
final class StoredReplies implements SharedReplies {

    private static final String JSON = "application/json";
    private static final byte[] SECONDS = CommandArguments.text("600");

    /** Redis did not answer for so long. */
    private static final long LATE_MILLIS = 3_000;

    private final Supplier<@Nullable RedisLink> link;
    private final byte[] server;

    /**
     * Replies that are kept over a link.
     *
     * @param link returns the current one; null while Redis cannot be reached
     * @param server the name of this server, another one at each start
     */
    StoredReplies(Supplier<@Nullable RedisLink> link, String server) {
        this.link = link;
        this.server = NameBytes.of(server);
    }

    @Override
    public void take(String app, String key, String request, Consumer<Taken> answer) {
        call(
                        RedisScript.TAKE,
                        List.of(
                                NameBytes.of(app),
                                CommandArguments.text(key),
                                CommandArguments.text(request),
                                server,
                                SECONDS))
                .thenApply(StoredReplies::taken)
                .exceptionally(failure -> new Taken.Unknown())
                .thenAccept(answer);
    }

    private static Taken taken(List<Object> reply) {
        if (reply.isEmpty()) {
            return new Taken.Free();
        }
        String request = read(reply.get(0));
        String status = read(reply.get(1));
        return status.isEmpty()
                ? new Taken.Busy(request)
                : new Taken.Done(
                        request, new HttpReply(Integer.parseInt(status), JSON, Map.of(), (byte[]) reply.get(2)));
    }

    @Override
    public void keep(String app, String key, HttpReply reply) {
        call(
                RedisScript.KEEP,
                List.of(
                        NameBytes.of(app),
                        CommandArguments.text(key),
                        server,
                        CommandArguments.text(Integer.toString(reply.status())),
                        reply.body()));
    }

    @Override
    public void release(String app, String key) {
        call(RedisScript.KEEP, List.of(NameBytes.of(app), CommandArguments.text(key), server));
    }

    private CompletableFuture<List<Object>> call(RedisScript script, List<byte[]> arguments) {
        RedisLink now = link.get();
        if (now == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("not connected to Redis"));
        }
        try {
            CompletionStage<List<Object>> reply = now.callScript(script, arguments);
            return reply.toCompletableFuture().copy().orTimeout(LATE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) { // it was closed this moment
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String read(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }
}
