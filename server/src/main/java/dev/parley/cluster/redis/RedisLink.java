// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import dev.parley.core.port.Coordinator;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Two connections to one Redis process, which are never made anew: so what this link has read and what it calls is of
 * one and the same state, see {@code begin.lua}. One of them waits for entries of the inbox. Safe from any thread.
 */
final class RedisLink {

    /** How long Redis waits for an entry before it replies with none. */
    private static final Duration WAIT = Duration.ofMillis(400);

    /** How long replicas may take: less than a call may. */
    private static final Duration REPLICATION = Duration.ofMillis(800);

    private static final int ENTRIES_A_PAGE = 50;
    private static final int SWEPT_AT_ONCE = 200;

    private final StatefulRedisConnection<byte[], byte[]> commands;
    private final StatefulRedisConnection<byte[], byte[]> inbox;
    private final String stateName;
    private final byte[] key;
    private final byte[] run;
    private final StoreBounds bounds;
    private final int replicas;

    /**
     * A link over these connections.
     *
     * @param key says in the store which state is valid
     * @param run the run id of the process
     * @param bounds what apps may take in the store
     * @param replicas how many replicas must have a decision before the reply to it
     */
    RedisLink(
            StatefulRedisConnection<byte[], byte[]> commands,
            StatefulRedisConnection<byte[], byte[]> inbox,
            String key,
            String run,
            StoreBounds bounds,
            int replicas) {
        this.commands = commands;
        this.inbox = inbox;
        this.stateName = key;
        this.key = CommandArguments.text(key);
        this.run = CommandArguments.text(run);
        this.bounds = bounds;
        this.replicas = replicas;
    }

    /** Sends the texts of the scripts, which calls name by their digests. */
    CompletionStage<Void> loadScripts() {
        List<CompletableFuture<?>> loaded = new ArrayList<>();
        for (RedisScript script : RedisScript.values()) {
            loaded.add(commands.async().scriptLoad(script.text()).toCompletableFuture());
            loaded.add(inbox.async().scriptLoad(script.text()).toCompletableFuture());
        }
        return CompletableFuture.allOf(loaded.toArray(CompletableFuture[]::new));
    }

    boolean isOpen() {
        return commands.isOpen() && inbox.isOpen();
    }

    void close() {
        for (StatefulRedisConnection<byte[], byte[]> connection : List.of(commands, inbox)) {
            if (connection.isOpen()) {
                connection.closeAsync();
            }
        }
    }

    // Calls.

    /**
     * Begins an incarnation.
     *
     * @param epoch names the state that begins if none is valid
     * @param settling for how long such a state takes no signals
     */
    CompletionStage<Begun> begin(StoreCall.Begin begin, String epoch, Duration settling) {
        return this.<List<Object>>call(
                        commands,
                        RedisScript.BEGIN,
                        List.of(
                                run,
                                CommandArguments.text(epoch),
                                NameBytes.of(begin.node()),
                                CommandArguments.text(Long.toString(settling.toMillis()))))
                .thenApply(reply -> {
                    String current = text(reply.get(0));
                    return new Begun(
                            current + "." + reply.get(1), text(reply.get(2)), Duration.ofMillis((Long) reply.get(3)));
                });
    }

    /**
     * An incarnation has begun.
     *
     * @param id names the epoch, and the incarnation in it
     * @param former the epoch of the state that is void now; empty if none is
     * @param settling for how long the state takes no signals
     */
    record Begun(String id, String former, Duration settling) {}

    /** @param isInNeed whether Redis has no memory for more */
    CompletionStage<StoreReply> decide(StoreCall.Decide decide, boolean isInNeed) {
        CommandArguments arguments = new CommandArguments();
        arguments.list().addAll(incarnation(decide.incarnation()));
        arguments.list().add(CommandArguments.text(isInNeed ? "1" : "0"));
        arguments.list().add(CommandArguments.text(Integer.toString(bounds.inbox())));
        arguments.list().add(CommandArguments.text(Long.toString(bounds.sessions())));
        arguments.list().add(CommandArguments.text(decide.isReading() ? Long.toString(decide.after()) : ""));
        arguments.list().add(CommandArguments.text(Integer.toString(ENTRIES_A_PAGE)));
        decide.commands().forEach(arguments::add);
        RedisScript script = isInNeed ? RedisScript.DECIDE_IN_NEED : RedisScript.DECIDE;
        return this.<List<Object>>call(commands, script, arguments.list())
                .thenApply(reply -> decided(decide, reply))
                .thenCompose(this::replicated);
    }

    private static StoreReply decided(StoreCall.Decide decide, List<Object> reply) {
        if (reply.isEmpty()) {
            return new StoreReply.Gone();
        }
        long through = Long.parseLong(text(reply.get(0)));
        if (!decide.isReading()) {
            return new StoreReply.Decided(through, null);
        }
        InboxPage page = new InboxPage(decide.after());
        page.addAll((List<?>) reply.get(1));
        return new StoreReply.Decided(through, page.reply());
    }

    /** Gives the reply when enough replicas have what this connection has written; it fails if they do not in time. */
    private CompletionStage<StoreReply> replicated(StoreReply reply) {
        if (replicas == 0 || reply instanceof StoreReply.Gone) {
            return CompletableFuture.completedFuture(reply);
        }
        return reachedReplicas().thenApply(reached -> {
            if (reached < replicas) {
                throw new IllegalStateException(
                        reached + " of " + replicas + " replicas have what was decided (cluster.wait)");
            }
            return reply;
        });
    }

    /** Counts the replicas that have what this connection has written, once they are enough or late. */
    private CompletionStage<Long> reachedReplicas() {
        return commands.async().waitForReplication(replicas, REPLICATION.toMillis());
    }

    CompletionStage<StoreReply> read(StoreCall.Read read) {
        List<byte[]> arguments = new ArrayList<>(incarnation(read.incarnation()));
        arguments.add(CommandArguments.text(Long.toString(read.after())));
        arguments.add(CommandArguments.text(Long.toString(read.removal())));
        read.bytes().forEach((app, bytes) -> {
            arguments.add(NameBytes.of(app));
            arguments.add(CommandArguments.text(Long.toString(bytes)));
        });
        return this.<Long>call(inbox, RedisScript.TRIM, arguments)
                .thenCompose(isKnown -> isKnown == 0
                        ? CompletableFuture.<StoreReply>completedFuture(new StoreReply.Gone())
                        : page(read));
    }

    @SuppressWarnings("unchecked") // the list of streams, which is one
    private CompletionStage<StoreReply> page(StoreCall.Read read) {
        String last = read.after() + "-" + Long.toUnsignedString(-1);
        StreamOffset<byte[]> place = StreamOffset.from(stateKey(read.incarnation(), "i"), last);
        return inbox.async()
                .xread(new XReadArgs().block(WAIT).count(ENTRIES_A_PAGE), place)
                .thenApply(messages -> page(read, messages));
    }

    private static StoreReply page(StoreCall.Read read, List<StreamMessage<byte[], byte[]>> messages) {
        InboxPage page = new InboxPage(read.after());
        for (StreamMessage<byte[], byte[]> message : messages) {
            message.getBody().forEach(page::add);
            page.end(message.getId());
        }
        return page.reply();
    }

    CompletionStage<StoreReply> renew(StoreCall.Renew renew) {
        List<byte[]> arguments = new ArrayList<>(incarnation(renew.incarnation()));
        arguments.add(CommandArguments.text(Long.toString(renew.beat())));
        for (Coordinator.AppUse use : renew.used()) {
            arguments.add(NameBytes.of(use.app()));
            arguments.add(CommandArguments.text(Long.toString(use.period())));
            arguments.add(CommandArguments.text(Long.toString(use.messages())));
        }
        return this.<List<Object>>call(commands, RedisScript.RENEW, arguments)
                .thenApply(reply -> beats(renew, reply))
                .thenCompose(this::withReplicas);
    }

    private static StoreReply beats(StoreCall.Renew renew, List<Object> reply) {
        if (reply.isEmpty()) {
            return new StoreReply.Gone();
        }
        String epoch = epoch(renew.incarnation());
        Map<String, StoreReply.NodeBeat> beats = new TreeMap<>();
        List<Coordinator.AppUse> others = new ArrayList<>();
        int next = 2;
        for (Coordinator.AppUse own : renew.used()) {
            others.add(new Coordinator.AppUse(own.app(), own.period(), Long.parseLong(text(reply.get(next++)))));
        }
        for (int i = next; i + 1 < reply.size(); i += 2) {
            String[] beat = text(reply.get(i + 1)).split(" ", 2);
            beats.put(epoch + "." + text(reply.get(i)), new StoreReply.NodeBeat(beat[1], Long.parseLong(beat[0])));
        }
        return new StoreReply.Beats(beats, (Long) reply.get(0), Long.parseLong(text(reply.get(1))), others, true);
    }

    /** Says in the reply whether enough replicas have what this connection has written. */
    private CompletionStage<StoreReply> withReplicas(StoreReply reply) {
        if (replicas == 0 || !(reply instanceof StoreReply.Beats beats)) {
            return CompletableFuture.completedFuture(reply);
        }
        return reachedReplicas().thenApply(reached -> reached < replicas ? beats.unreplicated() : beats);
    }

    /** Goes on until nothing more is to be removed. */
    CompletionStage<StoreReply> sweep(StoreCall.Sweep sweep) {
        List<byte[]> arguments = new ArrayList<>(incarnation(sweep.incarnation()));
        arguments.add(CommandArguments.text(number(sweep.other())));
        arguments.add(CommandArguments.text(Long.toString(sweep.beat())));
        arguments.add(CommandArguments.text(Integer.toString(SWEPT_AT_ONCE)));
        return this.<Long>call(commands, RedisScript.SWEEP, arguments).thenCompose(left -> {
            if (left == 2) {
                return sweep(sweep);
            }
            StoreReply reply = left == 0 ? new StoreReply.Gone() : new StoreReply.Done();
            return CompletableFuture.completedFuture(reply);
        });
    }

    /** Has Redis run a script that needs no state, see {@link StoredReplies}. */
    CompletionStage<List<Object>> callScript(RedisScript script, List<byte[]> arguments) {
        return call(commands, script, arguments);
    }

    /** Removes the keys of a state that is void. */
    void clean(String epoch) {
        new StateCleaner(commands.async(), stateName + ":" + epoch + ":").clean();
    }

    @SuppressWarnings("unchecked") // the output of the script
    private <T> CompletionStage<T> call(
            StatefulRedisConnection<byte[], byte[]> connection, RedisScript script, List<byte[]> arguments) {
        RedisAsyncCommands<byte[], byte[]> async = connection.async();
        byte[][] keys = {key};
        return (CompletionStage<T>)
                async.evalsha(script.digest(), script.output(), keys, arguments.toArray(byte[][]::new));
    }

    private List<byte[]> incarnation(String id) {
        return List.of(run, CommandArguments.text(epoch(id)), CommandArguments.text(number(id)));
    }

    private byte[] stateKey(String incarnation, String kind) {
        return CommandArguments.text(stateName + ":" + epoch(incarnation) + ":" + kind + ":" + number(incarnation));
    }

    private static String epoch(String incarnation) {
        return incarnation.substring(0, incarnation.indexOf('.'));
    }

    private static String number(String incarnation) {
        return incarnation.substring(incarnation.indexOf('.') + 1);
    }

    private static String text(Object bytes) {
        byte[] text = (byte[]) bytes;
        return NameBytes.read(text, 0, text.length);
    }
}
