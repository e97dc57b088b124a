// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreLink;
import dev.parley.cluster.StoreReply;
import dev.parley.config.ClusterSettings;
import dev.parley.core.port.Loop;
import dev.parley.core.port.SharedReplies;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to the store on Redis. It connects by itself, again and again; meanwhile calls get no reply. Connections are
 * never made anew below it: a {@link RedisLink} is of one process.
 */
public final class RedisStore implements StoreLink, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration DEAD_PEER = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(250);

    /** How long a client that is closed waits for tasks of its connections. */
    private static final long QUIET_MILLIS = 50;

    /** Calls of one node at a time are few, as commands are sent together. */
    private static final int MOST_CALLS = 1_000;

    private final RedisURI address;
    private final String key;
    private final Supplier<String> epochs;
    private final Duration settling;
    private final int replicas;
    private final StoreTrouble trouble;
    private final RedisLoop loop = new RedisLoop();
    private final ClientResources resources;
    private final RedisClient client;
    private volatile @Nullable RedisLink link;
    private volatile boolean isClosed;

    /**
     * A store that connects from {@link #start} on.
     *
     * @param epochs makes names of states, each random
     * @param settling how long nodes may take to notice that a new state has begun: until then it takes no signals
     */
    public RedisStore(ClusterSettings settings, Supplier<String> epochs, Duration settling) {
        this.address = address(settings);
        this.key = settings.prefix();
        this.epochs = epochs;
        this.settling = settling;
        this.replicas = settings.replicas();
        this.trouble = new StoreTrouble(settings.redis());
        this.resources = ClientResources.builder()
                .eventLoopGroupProvider(loop.threads())
                .computationThreadPoolSize(2)
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(options(settings));
    }

    static RedisURI address(ClusterSettings settings) {
        RedisURI address = RedisURI.create(settings.redis());
        settings.password()
                .map(password -> RedisCredentials.just(settings.user().orElse(null), password.value()))
                .ifPresent(known -> address.setCredentialsProvider(RedisCredentialsProvider.from(() -> known)));
        address.setTimeout(CONNECT);
        return address;
    }

    static ClientOptions options(ClusterSettings settings) {
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_CALLS)
                .sslOptions(StoreTrust.options(settings.authorities()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .tcpNoDelay(true)
                        .keepAlive(SocketOptions.KeepAliveOptions.builder()
                                .enable()
                                .idle(DEAD_PEER)
                                .interval(DEAD_PEER)
                                .count(3)
                                .build())
                        .tcpUserTimeout(SocketOptions.TcpUserTimeoutOptions.builder()
                                .enable()
                                .tcpUserTimeout(DEAD_PEER)
                                .build())
                        .build())
                .build();
    }

    /** Returns the loop on which replies are handled best: that of the connections. */
    public Loop loop() {
        return loop;
    }

    /**
     * Returns what all servers remember of requests of back ends.
     *
     * @param server the name of this server, another one at each start
     */
    public SharedReplies replies(String server) {
        return new StoredReplies(() -> link, server);
    }

    /** Begins to connect. */
    public void start() {
        connect();
    }

    private void connect() {
        if (isClosed) {
            return;
        }
        CompletionStage<StatefulRedisConnection<byte[], byte[]>> commands = open();
        CompletionStage<StatefulRedisConnection<byte[], byte[]>> inbox = open();
        commands.thenCombine(inbox, Connections::new).thenCompose(this::prepare).whenComplete((made, failure) -> {
            if (made != null) {
                link = made;
                trouble.over();
                watch(made);
            } else {
                trouble.report(cause(failure));
                commands.thenAccept(StatefulRedisConnection::closeAsync);
                inbox.thenAccept(StatefulRedisConnection::closeAsync);
                later(this::connect);
            }
        });
    }

    private record Connections(
            StatefulRedisConnection<byte[], byte[]> commands, StatefulRedisConnection<byte[], byte[]> inbox) {}

    private CompletionStage<StatefulRedisConnection<byte[], byte[]>> open() {
        return client.connectAsync(ByteArrayCodec.INSTANCE, address);
    }

    private CompletionStage<RedisLink> prepare(Connections made) {
        CompletionStage<Map<String, String>> all =
                made.commands().async().info().thenApply(RedisInfo::of);
        CompletionStage<Map<String, String>> other =
                made.inbox().async().info("server").thenApply(RedisInfo::of);
        return all.thenCombine(other, (first, second) -> {
                    String run = RedisInfo.run(first);
                    if (!run.equals(RedisInfo.run(second))) {
                        throw new IllegalStateException("the address leads to several Redis processes");
                    }
                    return new RedisLink(made.commands(), made.inbox(), key, run, StoreBounds.of(first), replicas);
                })
                .thenCompose(ready -> ready.loadScripts().thenApply(loaded -> ready));
    }

    /** Looks now and then whether both connections are open, and makes others if not. */
    private void watch(RedisLink made) {
        later(() -> {
            if (made.isOpen() && isCurrent(made)) {
                watch(made);
            } else {
                drop(made);
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // a link is nothing but itself
    private boolean isCurrent(RedisLink it) {
        return link == it;
    }

    private void drop(RedisLink made) {
        if (isCurrent(made)) {
            link = null;
        }
        made.close();
        connect();
    }

    private void later(Runnable task) {
        CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    @Override
    public boolean send(StoreCall call, Consumer<StoreReply> reply) {
        RedisLink now = link;
        if (now == null) {
            return false;
        }
        CompletionStage<StoreReply> sent;
        try {
            sent = send(now, call);
        } catch (RuntimeException e) { // it was closed this moment
            if (!isClosed) {
                trouble.report(e);
            }
            return false;
        }
        sent.whenComplete((received, failure) -> {
            if (received != null) {
                trouble.over();
                reply.accept(received);
            } else {
                failed(now, call, cause(failure), reply);
            }
        });
        return true;
    }

    private CompletionStage<StoreReply> send(RedisLink now, StoreCall call) {
        return switch (call) {
            case StoreCall.Begin begin ->
                now.begin(begin, epochs.get(), settling).thenApply(begun -> {
                    if (!begun.former().isEmpty()) {
                        now.clean(begun.former());
                    }
                    return new StoreReply.Begun(begun.id(), begun.settling());
                });
            case StoreCall.Decide decide -> now.decide(decide, false);
            case StoreCall.Read read -> now.read(read);
            case StoreCall.Renew renew -> now.renew(renew);
            case StoreCall.Sweep sweep -> now.sweep(sweep);
        };
    }

    private void failed(RedisLink now, StoreCall call, Throwable failure, Consumer<StoreReply> reply) {
        if (isClosed) {
            return;
        }
        trouble.report(failure);
        if (!(failure instanceof RedisCommandExecutionException refused)) {
            return; // the connection is over, which is noticed elsewhere
        }
        switch (RefusalKind.of(refused)) {
            case FULL -> {
                if (call instanceof StoreCall.Decide decide) {
                    now.decide(decide, true).thenAccept(reply);
                }
            }
            case ELSEWHERE -> now.close();
            case UNLOADED -> now.loadScripts();
            case PASSING -> {}
            case BROKEN -> reply.accept(new StoreReply.Gone());
        }
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public void close() {
        isClosed = true;
        client.shutdownAsync(QUIET_MILLIS, CONNECT.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> resources.shutdown(QUIET_MILLIS, CONNECT.toMillis(), TimeUnit.MILLISECONDS))
                .thenRun(loop::close);
    }
}
