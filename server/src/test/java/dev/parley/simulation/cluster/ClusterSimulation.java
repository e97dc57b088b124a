// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import dev.parley.config.PresenceSettings;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.simulation.Cast;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.wire.SettingsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One run of two or three nodes over a model of the store: clients of all nodes subscribe, talk, leave and are lost,
 * while calls to the store are late, lost or done twice, nodes are killed or frozen, and the store is away or forgets
 * everything. Then all is well again, and everybody must see and receive what is true. The seed decides everything.
 */
public final class ClusterSimulation {

    /** One seed of so many has outcomes wait for the replies to their calls. */
    private static final int SEEDS_THAT_AWAIT_REPLIES = 3;

    /** On one seed of so many a signal for two waits while another one is being delivered. */
    private static final int SEEDS_THAT_HAVE_TURNS = 5;

    private static final List<String> ROOMS = List.of("lobby", "stage", "lobby", "corner");
    private static final int CLIENTS = 10;

    /** In one room, so that changes wait to be announced together. */
    private static final List<String> CROWDED_ROOMS = List.of("lobby");

    private static final int CROWD = 40;

    private static final int LONGEST_OUTAGE_MILLIS = 4_000;
    private static final Duration TICK = Duration.ofMillis(25);

    /** Long enough for nodes to be taken for dead, and for sessions to be submitted again. */
    private static final Duration REST = Duration.ofSeconds(18);

    private enum Outage {
        NODE_KILLED,
        NODE_FROZEN,
        STORE_AWAY,
        STORE_EMPTIED
    }

    private static final List<List<Outage>> OUTAGES = List.of(
            List.of(Outage.NODE_KILLED, Outage.NODE_FROZEN),
            List.of(Outage.STORE_AWAY),
            List.of(Outage.STORE_EMPTIED),
            List.of(Outage.values()));

    private final Random random;
    private final SimulatedStore store;
    private final List<ClusterNode> nodes;
    private final List<ClusterClient> clients = new ArrayList<>();
    private final SignalLedger ledger = new SignalLedger(clients);
    private final List<Outage> outages;
    private final boolean isCrowd;
    private long ids;

    private ClusterSimulation(long seed) {
        this.random = new Random(seed);
        this.outages = seed % 2 == 0 ? List.of() : OUTAGES.get((int) (seed / 8 % OUTAGES.size()));
        this.isCrowd = seed % 4 >= 2;
        this.store = new SimulatedStore(random);
        Duration window = seed % 3 == 0 ? Duration.ZERO : Duration.ofMillis(50);
        PresenceSettings presence = new PresenceSettings(Duration.ofMillis(15), Duration.ofMillis(100), window);
        Interleaving interleaving = new Interleaving(random);
        boolean awaitsReplies = seed % SEEDS_THAT_AWAIT_REPLIES == 0;
        this.nodes = Stream.of("a", "b", "c")
                .limit(2 + seed / 4 % 2)
                .map(name -> new ClusterNode(
                        name,
                        store,
                        interleaving,
                        new SettingsBuilder().presence(presence),
                        () -> seed % SEEDS_THAT_HAVE_TURNS == 0 ? Terms.twoAreMany() : DeliveryTurns.ofLoops(1),
                        awaitsReplies))
                .toList();
    }

    /** Runs one seed for so many steps, lets everything come to rest, and fails if anything differs from the truth. */
    public static void run(long seed, int steps) {
        try {
            new ClusterSimulation(seed).run(steps);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run(int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> act();
                case 3, 4 -> pass(Duration.ofMillis(random.nextInt(30)));
                default -> runTasks(1 + random.nextInt(4));
            }
            if (!outages.isEmpty() && random.nextInt(70) == 0) {
                fail();
                pass(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 50 : LONGEST_OUTAGE_MILLIS)));
            }
        }
        heal();
        rest(REST);
        compare();
        clients.stream()
                .filter(client -> !client.isOver())
                .forEach(client -> client.rooms().forEach(client::publish));
        rest(Duration.ofSeconds(5));
        compare();
        clients.forEach(ClusterClient::lose);
        rest(Duration.ofSeconds(5));
        nothingRemains();
    }

    private void act() {
        clients.removeIf(ClusterClient::isOver);
        List<String> rooms = isCrowd ? CROWDED_ROOMS : ROOMS;
        if (clients.size() < (isCrowd ? CROWD : CLIENTS) && random.nextInt(3) == 0) {
            connect();
        } else if (!clients.isEmpty()) {
            ClusterClient client = clients.get(random.nextInt(clients.size()));
            String room = rooms.get(random.nextInt(rooms.size()));
            switch (random.nextInt(20)) {
                case 0 -> client.lose();
                case 1, 2 -> client.unsubscribe(room);
                case 3, 4, 5, 6, 7, 8 -> client.subscribe(room);
                case 9, 10, 11, 12 -> client.publish(room);
                default -> client.sendToSomeone(room);
            }
        }
    }

    private void connect() {
        List<ClusterNode> running =
                nodes.stream().filter(ClusterNode::isRunning).toList();
        if (running.isEmpty()) {
            return;
        }
        ClusterNode node = running.get(random.nextInt(running.size()));
        SimulatedLoop loop = node.clientLoops.get(random.nextInt(node.clientLoops.size()));
        long id = ++ids;
        String app = Cast.APPS.get(random.nextInt(Cast.APPS.size()));
        String peer =
                random.nextInt(3) == 0 ? Cast.SHARED_PEERS.get(random.nextInt(Cast.SHARED_PEERS.size())) : "peer-" + id;
        ClusterClient client = new ClusterClient(id, node, loop, app, peer, ledger, random);
        clients.add(client);
        ClientRequest request = Requests.get("/v1", "key=" + app + "." + peer);
        Interleaving.arrive(loop, () -> {
            if (!client.isOver() && node.dialect.receive(request) instanceof Dialect.Accepted accepted) {
                client.open(accepted.opening());
            }
        });
    }

    private void fail() {
        ClusterNode node = nodes.get(random.nextInt(nodes.size()));
        if (random.nextInt(3) == 0) {
            store.isAway = false;
            node.isFrozen = false;
            return;
        }
        switch (outages.get(random.nextInt(outages.size()))) {
            case STORE_AWAY -> store.isAway = true;
            case STORE_EMPTIED -> {
                nodes.forEach(ledger::disturb);
                store.model.empty();
            }
            case NODE_FROZEN -> {
                ledger.disturb(node);
                node.isFrozen = true;
            }
            case NODE_KILLED -> {
                if (nodes.stream().filter(it -> !it.isDead).count() > 1 && !node.isDead) {
                    ledger.disturb(node);
                    node.isDead = true;
                    clients.stream().filter(it -> it.node == node).forEach(ClusterClient::loseWithNode);
                }
            }
        }
    }

    private void heal() {
        store.isAway = false;
        store.isReliable = true;
        nodes.forEach(node -> node.isFrozen = false);
    }

    private void runTasks(int count) {
        for (int i = 0; i < count; i++) {
            List<SimulatedLoop> busy = running().filter(loop -> !loop.isIdle()).toList();
            if (busy.isEmpty()) {
                return;
            }
            busy.get(random.nextInt(busy.size())).runNext();
        }
    }

    private Stream<SimulatedLoop> running() {
        Stream<SimulatedLoop> ofNodes =
                nodes.stream().filter(ClusterNode::isRunning).flatMap(node -> node.loops().stream());
        return Stream.concat(Stream.of(store.loop), ofNodes);
    }

    /** Time passes for all, also for a node that is frozen: what was due meanwhile is due when it wakes. */
    private void pass(Duration time) {
        store.loop.advance(time);
        nodes.stream()
                .filter(node -> !node.isDead)
                .flatMap(node -> node.loops().stream())
                .forEach(it -> it.advance(time));
    }

    private void rest(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
            settle();
            pass(TICK);
        }
        settle();
    }

    private void settle() {
        while (running().anyMatch(loop -> !loop.isIdle())) {
            runTasks(1);
        }
    }

    private void compare() {
        Map<String, Map<String, Set<String>>> peers = new HashMap<>();
        List<ClusterClient> connected =
                clients.stream().filter(client -> !client.isOver()).toList();
        for (ClusterClient client : connected) {
            for (String room : client.rooms()) {
                peers.computeIfAbsent(client.app, app -> new HashMap<>())
                        .computeIfAbsent(room, it -> new TreeSet<>())
                        .add(client.peer);
            }
        }
        connected.forEach(client -> client.rest(peers.getOrDefault(client.app, Map.of())));
        ledger.rest();
        ledger.calm();
    }

    private void nothingRemains() {
        if (!store.model.isEmpty()) {
            throw new AssertionError("the store knows sessions that are over");
        }
        for (ClusterNode node : nodes) {
            if (!node.isDead) {
                for (String app : Cast.APPS) {
                    if (node.server.app(app).rooms().count() != 0
                            || node.server.app(app).peers().count() != 0) {
                        throw new AssertionError("rooms or peers remain on " + node.name);
                    }
                }
                if (node.frames.live() != 0) {
                    throw new AssertionError(node.frames.live() + " frames were never released on " + node.name);
                }
            }
        }
    }
}
