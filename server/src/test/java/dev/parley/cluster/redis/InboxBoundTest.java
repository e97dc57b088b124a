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
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.rawclient.RedisServer;
import dev.parley.simulation.TextPayload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a node that reads nothing takes only so much of the memory that all apps share. */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class InboxBoundTest {

    private static final String FLOODING = "red";
    private static final String QUIET = "blue";
    private static final PeerIdentity ALICE = new PeerIdentity("alice", null);
    private static final PeerIdentity BOB = new PeerIdentity("bob", null);
    private static final Signal LARGE = new Signal(Signal.Kind.TEXT, TextPayload.of("x".repeat(60_000)));

    @TempDir
    private Path folder;

    private long number;
    private long read;
    private long removals;
    private Map<String, Long> readBytes = Map.of();

    @Test
    void anAppFillsHalfOfAnInboxAndAnotherOneIsNotRefused() throws Exception {
        try (RedisServer redis = RedisServer.start(folder);
                RedisStore store = StoreCalls.store(redis)) {
            store.start();
            String sender = StoreCalls.begin(store, "sender");
            String receiver = StoreCalls.begin(store, "receiver");
            arrive(store, receiver, FLOODING, 1);
            arrive(store, receiver, QUIET, 2);

            int taken = 0;
            while (send(store, sender, FLOODING) instanceof Outcome.Reached) {
                taken++;
                assertThat(taken).isLessThan(1_000);
            }
            assertThat(taken).isBetween(275, 285);
            for (int i = 0; i < 100; i++) {
                assertThat(send(store, sender, QUIET)).isEqualTo(new Outcome.Reached(1));
            }

            readAll(store, receiver);
            assertThat(send(store, sender, FLOODING)).isEqualTo(new Outcome.Reached(1));
            StoreReply.Beats seen =
                    (StoreReply.Beats) StoreCalls.call(store, new StoreCall.Renew(receiver, 1, List.of()));
            assertThat(seen.entries()).isEqualTo(1);
            assertThat(seen.bytes()).isBetween(60_000L, 61_000L);
        }
    }

    private static void arrive(RedisStore store, String node, String app, int number) throws Exception {
        PlaceRequest place = new PlaceRequest("192.0.2.1", PlaceRequest.ANY);
        Command command = new Command.Arrive(app, new SessionId("receiver", number), BOB, place);
        StoreCalls.decide(store, node, List.of(new StoreCall.Numbered(number, command)));
    }

    /** Reads each page twice, as if the reply to the first reading had been lost. */
    private void readAll(RedisStore store, String node) throws Exception {
        StoreReply.Page page = new StoreReply.Page(List.of(), 0, Map.of());
        do {
            StoreCall.Read next = new StoreCall.Read(node, page.through(), ++removals, page.bytes());
            StoreCalls.call(store, next);
            page = (StoreReply.Page) StoreCalls.call(store, next);
        } while (!page.entries().isEmpty());
    }

    /** Sends to the receiver, and returns the outcome that the sender reads. */
    private Outcome send(RedisStore store, String sender, String app) throws Exception {
        SignalHead head = new SignalHead(ALICE, new SessionId("sender", 1), 0, "192.0.2.1");
        Command command = new Command.Send(app, BOB.id(), head, LARGE);
        StoreCalls.decide(store, sender, List.of(new StoreCall.Numbered(++number, command)));
        List<InboxEntry> entries = new ArrayList<>();
        while (entries.isEmpty()) {
            StoreReply.Page page =
                    (StoreReply.Page) StoreCalls.call(store, new StoreCall.Read(sender, read, ++removals, readBytes));
            read = page.through();
            readBytes = page.bytes();
            entries.addAll(page.entries());
        }
        return ((InboxEntry.Decided) entries.getFirst()).outcome();
    }
}
