// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.cluster.InboxEntry;
import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import dev.parley.core.port.Command;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.SessionId;
import dev.parley.rawclient.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the sessions of one app may take of the store, which all apps share. */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class StoreShareTest {

    private static final String HOARDING = "red";
    private static final String MODEST = "blue";
    private static final int MEMORY = 64 << 20;
    private static final int COMMANDS_A_CALL = 100;

    /** As long as names may be. */
    private static final String LONG = "n".repeat(240);

    @TempDir
    private Path folder;

    private String node = "";
    private long number;
    private long read;
    private long removals;
    private Map<String, Long> readBytes = Map.of();

    @Test
    void anAppThatHoldsItsShareIsRefusedAndAnotherOneIsNot() throws Exception {
        try (RedisServer redis = RedisServer.start(folder, "--maxmemory", Integer.toString(MEMORY));
                RedisStore store = StoreCalls.store(redis)) {
            store.start();
            node = StoreCalls.begin(store, "node");
            long before = redis.memory();
            long rooms = 0;
            List<Outcome> outcomes = List.of();
            while (!outcomes.contains(new Outcome.OverShare())) {
                outcomes = join(store, HOARDING, rooms);
                rooms += outcomes.stream()
                        .filter(Outcome.Joined.class::isInstance)
                        .count();
                assertThat(rooms).isLessThan(100_000);
            }

            // Half of half of the memory, and what is counted is about what Redis has taken.
            long taken = redis.memory() - before;
            assertThat(taken).isBetween(MEMORY / 8L, MEMORY / 3L);
            assertThat(join(store, MODEST, 0)).hasOnlyElementsOfType(Outcome.Joined.class);

            for (int room = 0; room < rooms; room++) {
                decide(store, List.of(new Command.Leave(HOARDING, name(room), session(room))));
            }
            assertThat(join(store, HOARDING, 0)).hasOnlyElementsOfType(Outcome.Joined.class);
        }
    }

    /** Joins some rooms more, each with one session. */
    private List<Outcome> join(RedisStore store, String app, long first) throws Exception {
        List<Command> commands = new ArrayList<>();
        for (long room = first; room < first + COMMANDS_A_CALL; room++) {
            PeerIdentity peer = new PeerIdentity("peer-" + room, null);
            PlaceRequest place = new PlaceRequest("192.0.2.1", PlaceRequest.ANY);
            commands.add(new Command.Join(app, name(room), session(room), peer, Command.Join.Entry.ENTERS, place));
        }
        return decide(store, commands);
    }

    private static String name(long room) {
        return LONG + room;
    }

    private static SessionId session(long room) {
        return new SessionId("0123456789abcdef", room);
    }

    private List<Outcome> decide(RedisStore store, List<Command> commands) throws Exception {
        List<StoreCall.Numbered> numbered = new ArrayList<>();
        commands.forEach(it -> numbered.add(new StoreCall.Numbered(++number, it)));
        StoreCalls.decide(store, node, numbered);
        List<Outcome> outcomes = new ArrayList<>();
        while (outcomes.size() < commands.size()) {
            StoreReply.Page page =
                    (StoreReply.Page) StoreCalls.call(store, new StoreCall.Read(node, read, ++removals, readBytes));
            read = page.through();
            readBytes = page.bytes();
            for (InboxEntry entry : page.entries()) {
                if (entry instanceof InboxEntry.Decided decided) {
                    outcomes.add(decided.outcome());
                }
            }
        }
        return outcomes;
    }
}
