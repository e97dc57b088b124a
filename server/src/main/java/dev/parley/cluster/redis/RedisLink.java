// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.InboxEntry;
import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
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

    private static final int ENTRIES_A_PAGE = 50;
    private static final int SWEPT_AT_ONCE = 200;

    private final StatefulRedisConnection<byte[], byte[]> commands;
    private final StatefulRedisConnection<byte[], byte[]> inbox;
    private final String stateName;
    private final byte[] key;
    private final byte[] run;
    private final byte[] inboxBound;

    /** The last entry that was read of an inbox. */
    private volatile InboxPlace lastRead = new InboxPlace("", 0, "");

    /**
     * A link over these connections.
     *
     * @param key says in the store which state is valid
     * @param run the run id of the process
     * @param inboxBound bytes of an inbox before nothing more is sent to it
     */
    RedisLink(
            StatefulRedisConnection<byte[], byte[]> commands,
            StatefulRedisConnection<byte[], byte[]> inbox,
            String key,
            String run,
            int inboxBound) {
        this.commands = commands;
        this.inbox = inbox;
        this.stateName = key;
        this.key = CommandArguments.text(key);
        this.run = CommandArguments.text(run);
        this.inboxBound = CommandArguments.text(Integer.toString(inboxBound));
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
        arguments.list().add(inboxBound);
        decide.commands().forEach(arguments::add);
        RedisScript script = isInNeed ? RedisScript.DECIDE_IN_NEED : RedisScript.DECIDE;
        return this.<Long>call(commands, script, arguments.list())
                .thenApply(known -> known == 0 ? new StoreReply.Gone() : new StoreReply.Done());
    }

    CompletionStage<StoreReply> read(StoreCall.Read read) {
        List<byte[]> arguments = new ArrayList<>(incarnation(read.incarnation()));
        arguments.add(CommandArguments.text(Long.toString(read.after())));
        InboxPlace known = lastRead;
        arguments.add(CommandArguments.text(known.isOf(read) ? known.bytes() : ""));
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

    private StoreReply page(StoreCall.Read read, List<StreamMessage<byte[], byte[]>> messages) {
        List<InboxEntry> entries = new ArrayList<>();
        long through = read.after();
        for (StreamMessage<byte[], byte[]> message : messages) {
            Map<byte[], byte[]> items = message.getBody();
            items.forEach((kind, item) -> InboxItems.read(kind, item, entries));
            InboxPlace place = InboxPlace.of(read.incarnation(), message.getId());
            through = place.number();
            lastRead = place;
        }
        return new StoreReply.Page(entries, through);
    }

    CompletionStage<StoreReply> renew(StoreCall.Renew renew) {
        List<byte[]> arguments = new ArrayList<>(incarnation(renew.incarnation()));
        arguments.add(CommandArguments.text(Long.toString(renew.beat())));
        String epoch = epoch(renew.incarnation());
        return this.<List<Object>>call(commands, RedisScript.RENEW, arguments).thenApply(reply -> {
            Map<String, Long> beats = new TreeMap<>();
            for (int i = 0; i + 1 < reply.size(); i += 2) {
                beats.put(epoch + "." + text(reply.get(i)), Long.parseLong(text(reply.get(i + 1))));
            }
            return beats.isEmpty() ? new StoreReply.Gone() : new StoreReply.Beats(beats);
        });
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
