// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.cluster.InboxEntry;
import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import dev.parley.config.ClusterSettings;
import dev.parley.core.port.Command;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.simulation.TextPayload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a node that reads nothing takes only so much of the memory that all apps share. */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class InboxBoundTest {

    private static final String APP = "red";
    private static final PeerIdentity ALICE = new PeerIdentity("alice", null);
    private static final PeerIdentity BOB = new PeerIdentity("bob", null);
    private static final Signal LARGE = new Signal(Signal.Kind.TEXT, TextPayload.of("x".repeat(60_000)));

    @TempDir
    private Path folder;

    private long number;
    private long read;

    @Test
    void aSignalIsRefusedWhileTheInboxIsFullAndTakenWhenItIsRead() throws Exception {
        try (RedisServer redis = RedisServer.start(folder);
                RedisStore store = store(redis)) {
            store.start();
            String sender = begin(store, "sender");
            String receiver = begin(store, "receiver");
            StoreCalls.call(
                    store,
                    new StoreCall.Decide(
                            receiver,
                            List.of(new StoreCall.Numbered(
                                    1, new Command.Arrive(APP, new SessionId("receiver", 1), BOB)))));

            int taken = 0;
            while (send(store, sender) instanceof Outcome.Reached) {
                taken++;
                assertThat(taken).isLessThan(1_000);
            }
            assertThat(taken).isBetween(500, 600);

            long through = 0;
            while (StoreCalls.call(store, new StoreCall.Read(receiver, through)) instanceof StoreReply.Page page
                    && !page.entries().isEmpty()) {
                through = page.through();
            }
            assertThat(send(store, sender)).isEqualTo(new Outcome.Reached(1));
        }
    }

    private static RedisStore store(RedisServer redis) {
        ClusterSettings settings =
                new ClusterSettings(redis.uri(), Optional.empty(), Optional.empty(), Optional.empty(), "test");
        return new RedisStore(settings, () -> "epoch", Duration.ZERO);
    }

    private static String begin(RedisStore store, String node) throws Exception {
        return ((StoreReply.Begun) StoreCalls.call(store, new StoreCall.Begin(node))).incarnation();
    }

    /** Sends to the receiver, and returns the outcome that the sender reads. */
    private Outcome send(RedisStore store, String sender) throws Exception {
        SignalHead head = new SignalHead(ALICE, new SessionId("sender", 1), 0);
        Command command = new Command.Send(APP, BOB.id(), head, LARGE);
        StoreCalls.call(store, new StoreCall.Decide(sender, List.of(new StoreCall.Numbered(++number, command))));
        List<InboxEntry> entries = new ArrayList<>();
        while (entries.isEmpty()) {
            StoreReply.Page page = (StoreReply.Page) StoreCalls.call(store, new StoreCall.Read(sender, read));
            read = page.through();
            entries.addAll(page.entries());
        }
        return ((InboxEntry.Decided) entries.getFirst()).outcome();
    }
}
