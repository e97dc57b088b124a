// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.cluster.InboxEntry;
import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import dev.parley.config.ClusterSettings;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Command;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.core.port.UndeliveredReason;
import dev.parley.rawclient.RedisServer;
import dev.parley.simulation.TextPayload;
import dev.parley.simulation.cluster.ModelStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts on Redis do what the model of the simulation does: the same calls have the same replies. */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class StoreScriptsTest {

    private static final List<String> APPS = List.of("red", "blue");

    /** Two of them differ in half of a surrogate pair, which UTF-8 does not have. */
    private static final List<String> NAMES = List.of("lobby", "a:b", "\ud83d", "\udd25", "x y\u00e9", "\ud83d\udd25");

    private static final List<String> ADDRESSES = List.of("192.0.2.1", "192.0.2.2", "2001:db8::/64");

    private static final int STEPS = 400;

    @TempDir
    private static Path folder;

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(folder);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theSameCallsHaveTheSameReplies(long seed) throws Exception {
        new Comparison(seed).run();
    }

    /** A node as both stores know it. */
    private static final class Node {
        final String name;
        String inModel = "";
        String inRedis = "";
        long numbers;
        long readInModel;
        long readInRedis;
        Map<String, Long> bytesInRedis = Map.of();
        long beat;

        /** What was read by calls that decide. */
        final List<String> expected = new ArrayList<>();

        final List<String> found = new ArrayList<>();

        Node(String name) {
            this.name = name;
        }
    }

    private static final class Comparison {

        private final Random random;
        private long removals;
        private final ModelStore model = new ModelStore();
        private final List<Node> nodes = new ArrayList<>();
        private final RedisStore store;

        Comparison(long seed) {
            random = new Random(seed);
            int[] epochs = {0};
            store = new RedisStore(
                    new ClusterSettings(
                            redis.uri(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            "test" + seed,
                            0),
                    () -> "e" + seed + "-" + epochs[0]++,
                    Duration.ZERO);
        }

        void run() throws Exception {
            store.start();
            try (store) {
                for (int i = 0; i < 3; i++) {
                    Node node = new Node("node-" + i);
                    begin(node);
                    nodes.add(node);
                }
                for (int step = 0; step < STEPS; step++) {
                    step();
                }
                for (Node node : nodes) {
                    read(node, true);
                }
            }
        }

        private void step() throws Exception {
            Node node = nodes.get(random.nextInt(nodes.size()));
            switch (random.nextInt(20)) {
                case 0 -> renew(node);
                case 1 -> sweep(node, nodes.get(random.nextInt(nodes.size())));
                case 2, 3, 4, 5, 6 -> read(node, false);
                default -> decide(node);
            }
        }

        private void begin(Node node) throws Exception {
            node.inModel = ((StoreReply.Begun) model.handle(new StoreCall.Begin(node.name))).incarnation();
            node.inRedis = ((StoreReply.Begun) call(new StoreCall.Begin(node.name))).incarnation();
            node.numbers = 0;
            node.readInModel = 0;
            node.readInRedis = 0;
            node.bytesInRedis = Map.of();
            node.beat = 0;
            node.expected.clear();
            node.found.clear();
        }

        /** Commands of which some are said again, as after a call whose reply was lost. */
        private void decide(Node node) throws Exception {
            List<StoreCall.Numbered> commands = new ArrayList<>();
            long from = Math.max(1, node.numbers - random.nextInt(3));
            int count = 1 + random.nextInt(4);
            for (long number = from; number < from + count; number++) {
                commands.add(new StoreCall.Numbered(number, command(node)));
            }
            node.numbers = Math.max(node.numbers, from + count - 1);
            if (random.nextBoolean()) {
                long none = StoreCall.Decide.NO_PAGE;
                same(
                        node,
                        new StoreCall.Decide(node.inModel, commands, none),
                        new StoreCall.Decide(node.inRedis, commands, none));
            } else {
                decideAndRead(node, commands);
            }
        }

        /** The pages differ in length, so what is in them is compared later. */
        private void decideAndRead(Node node, List<StoreCall.Numbered> commands) throws Exception {
            StoreReply expected = model.handle(new StoreCall.Decide(node.inModel, commands, node.readInModel));
            StoreReply reply = call(new StoreCall.Decide(node.inRedis, commands, node.readInRedis));
            assertThat(reply.getClass()).isEqualTo(expected.getClass());
            if (expected instanceof StoreReply.Decided all && reply instanceof StoreReply.Decided same) {
                assertThat(same.through()).isEqualTo(all.through());
                StoreReply.Page known = requireNonNull(all.page());
                StoreReply.Page page = requireNonNull(same.page());
                node.readInModel = known.through();
                known.entries().forEach(entry -> node.expected.add(text(entry)));
                node.readInRedis = page.through();
                node.bytesInRedis = sum(node.bytesInRedis, page.bytes());
                page.entries().forEach(entry -> node.found.add(text(entry)));
            } else {
                begin(node);
            }
        }

        private static Map<String, Long> sum(Map<String, Long> some, Map<String, Long> more) {
            Map<String, Long> all = new HashMap<>(some);
            more.forEach((app, bytes) -> all.merge(app, bytes, Long::sum));
            return all;
        }

        private void renew(Node node) throws Exception {
            node.beat++;
            StoreReply expected = model.handle(new StoreCall.Renew(node.inModel, node.beat, List.of()));
            StoreReply reply = call(new StoreCall.Renew(node.inRedis, node.beat, List.of()));
            assertThat(reply.getClass()).isEqualTo(expected.getClass());
            if (expected instanceof StoreReply.Beats known && reply instanceof StoreReply.Beats beats) {
                assertThat(beats.beats().values())
                        .containsExactlyInAnyOrderElementsOf(known.beats().values());
            } else {
                begin(node);
            }
        }

        private void sweep(Node node, Node other) throws Exception {
            if (node != other) {
                long beat = random.nextInt(4) == 0 ? other.beat + 1 : other.beat;
                same(
                        node,
                        new StoreCall.Sweep(node.inModel, other.inModel, beat),
                        new StoreCall.Sweep(node.inRedis, other.inRedis, beat));
            }
        }

        private void same(Node node, StoreCall inModel, StoreCall inRedis) throws Exception {
            StoreReply expected = model.handle(inModel);
            assertThat(call(inRedis)).isEqualTo(expected);
            if (expected instanceof StoreReply.Gone) {
                begin(node);
            }
        }

        /** What is in both inboxes. */
        private void read(Node node, boolean isLast) throws Exception {
            List<String> expected = new ArrayList<>(node.expected);
            node.expected.clear();
            StoreReply page;
            do {
                page = model.handle(new StoreCall.Read(node.inModel, node.readInModel, 0, Map.of()));
                if (page instanceof StoreReply.Page more) {
                    node.readInModel = more.through();
                    more.entries().forEach(entry -> expected.add(text(entry)));
                }
            } while (page instanceof StoreReply.Page more && !more.entries().isEmpty());
            List<String> found = new ArrayList<>(node.found);
            node.found.clear();
            StoreReply reply = page;
            while (found.size() < expected.size() || page instanceof StoreReply.Gone) {
                reply = call(new StoreCall.Read(node.inRedis, node.readInRedis, ++removals, node.bytesInRedis));
                if (!(reply instanceof StoreReply.Page more)) {
                    break;
                }
                node.readInRedis = more.through();
                node.bytesInRedis = more.bytes();
                more.entries().forEach(entry -> found.add(text(entry)));
                if (more.entries().isEmpty()) {
                    break;
                }
            }
            if (!(page instanceof StoreReply.Gone)) {
                assertThat(sweepsSorted(found)).containsExactlyElementsOf(sweepsSorted(expected));
                return;
            }
            assertThat(reply).isEqualTo(page);
            if (!isLast) {
                begin(node);
            }
        }

        private StoreReply call(StoreCall call) throws Exception {
            return StoreCalls.call(store, call);
        }

        private Command command(Node node) {
            String app = any(APPS);
            String room = name();
            SessionId session = session(node);
            PeerIdentity peer = peer(session);
            Command.Join.Entry entry = any(List.of(Command.Join.Entry.values()));
            SignalHead head =
                    new SignalHead(peer, random.nextInt(5) == 0 ? null : session, random.nextInt(9), any(ADDRESSES));
            Signal signal = new Signal(any(List.of(Signal.Kind.values())), TextPayload.of("data " + random.nextInt()));
            return switch (random.nextInt(18)) {
                case 0, 1 -> new Command.Arrive(app, session, peer, place(3 + random.nextInt(20)));
                case 2 -> new Command.Depart(app, session);
                case 3, 4, 5 -> new Command.Join(app, room, session, peer, entry, place(1 + random.nextInt(20)));
                case 6 -> new Command.Rejoin(app, room, session, peer, entry, any(ADDRESSES), random.nextBoolean());
                case 7, 8 -> new Command.Enter(app, room, session);
                case 9 -> new Command.Leave(app, room, session);
                case 10 -> new Command.SetAway(app, room, session, random.nextBoolean());
                case 11, 12 -> new Command.Publish(app, room, head, signal);
                case 13 -> new Command.Send(app, peer(session(nodes.get(0))).id(), head, signal);
                case 14 -> new Command.Close(app, peer.id(), CloseCode.ADMIN_DISCONNECT);
                case 15 -> new Command.AnswerProbe(app, session, random.nextBoolean());
                case 16 -> new Command.SetPatternCost(app, 1 + random.nextInt(9), random.nextInt(9));
                default ->
                    new Command.Report(
                            app, session, new SessionEvent.Undelivered("p\u00e9er", 3, 4, UndeliveredReason.EXPIRED));
            };
        }

        private PlaceRequest place(int limit) {
            return new PlaceRequest(any(ADDRESSES), limit);
        }

        private String name() {
            return any(NAMES);
        }

        private <T> T any(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        private SessionId session(Node node) {
            return new SessionId(node.name, random.nextInt(4));
        }

        /** Several sessions share a peer; each has one. */
        private PeerIdentity peer(SessionId session) {
            String id = NAMES.get((int) (session.number() % 3));
            return new PeerIdentity(id, session.number() == 2 ? null : "{\"n\":\"" + session + "\"}");
        }
    }

    private static final List<String> OF_SWEEPS = List.of("Happened[event=Left", "Happened[event=ProbeAnswered");

    /** A sweep removes sessions in any order, and then notifies newcomers in any order. */
    private static List<String> sweepsSorted(List<String> entries) {
        List<String> sorted = new ArrayList<>();
        List<String> alike = new ArrayList<>();
        String kind = "";
        for (String entry : entries) {
            String next =
                    OF_SWEEPS.stream().filter(entry::startsWith).findFirst().orElse("");
            if (next.isEmpty() || !next.equals(kind)) {
                alike.stream().sorted().forEach(sorted::add);
                alike.clear();
                kind = next;
            }
            alike.add(entry);
        }
        alike.stream().sorted().forEach(sorted::add);
        return sorted;
    }

    /** Rosters have no order. */
    private static String text(InboxEntry entry) {
        if (entry instanceof InboxEntry.Decided decided && decided.outcome() instanceof Outcome.Joined joined) {
            List<RosterEntry> roster = joined.roster();
            String sorted = roster == null
                    ? "-"
                    : roster.stream().map(Object::toString).sorted().toList().toString();
            return decided.number() + " joined " + joined.others() + " " + sorted;
        }
        if (entry instanceof InboxEntry.Happened happened) {
            return switch (happened.event()) {
                case NodeEvent.Published it -> "published " + it.app() + it.room() + it.head() + text(it.signal());
                case NodeEvent.Sent it -> "sent " + it.app() + it.to() + it.head() + text(it.signal());
                default -> happened.toString();
            };
        }
        return entry.toString();
    }

    private static String text(Signal signal) {
        return signal.kind() + TextPayload.text(signal.payload());
    }
}
