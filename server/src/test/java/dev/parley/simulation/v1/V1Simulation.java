// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import dev.parley.config.PresenceSettings;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.core.relay.AppDirectory;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Cast;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.wire.SettingsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One run of core and the v1 dialect on one thread: clients on several loops subscribe, talk, leave, fall silent and
 * are lost at random, some peers with several connections, and any loop may be ahead of any other. A few share some
 * channels, or a crowd shares mostly one, so that its changes wait for each other. The seed decides everything, so a
 * failing run can be repeated.
 */
public final class V1Simulation {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** One seed of so many has its rosters at once. */
    private static final int SEEDS = 5;

    /** One seed of so many tells every change at once. */
    private static final int SEEDS_WITHOUT_WINDOWS = 3;

    private static final int LOOPS = 3;
    private static final int CLIENTS = 9;
    private static final int CROWD = 40;

    /** Seconds of nothing but what is due, after which all must be quiet. */
    private static final int MAX_REST = 100;

    /** Names and patterns; a signal to a pattern is one to the channel of that name. */
    private static final List<String> CHANNELS = List.of("lobby", "stage", "corner", "lobby", "stage", "s*", "**");

    private static final List<String> CROWDED_CHANNELS = List.of("lobby", "lobby", "lobby", "lobby", "stage", "l*");

    private final Random random;
    private final SimulatedFrames frames = new SimulatedFrames();
    private final PresenceSettings presence;
    private final int mostClients;
    private final List<String> channels;
    private final TestServer server;
    private final V1Dialect dialect;
    private final Truth truth = new Truth();
    private final List<SimulatedLoop> loops;
    private final List<V1Client> clients = new ArrayList<>();
    private long ids;

    private V1Simulation(long seed) {
        this.random = new Random(seed);
        boolean isCrowd = seed % 2 == 1;
        this.mostClients = isCrowd ? CROWD : CLIENTS;
        this.channels = isCrowd ? CROWDED_CHANNELS : CHANNELS;
        this.presence = presence(seed);
        this.server = TestServer.with()
                .settings(new SettingsBuilder().presence(presence).build())
                .build(frames);
        this.dialect = server.v1();
        Interleaving interleaving = new Interleaving(random);
        this.loops = Stream.generate(interleaving::loop).limit(LOOPS).toList();
    }

    private static PresenceSettings presence(long seed) {
        Duration delay = seed % SEEDS == 0 ? Duration.ZERO : Duration.ofMillis(15);
        Duration window = seed % SEEDS_WITHOUT_WINDOWS == 0 ? Duration.ZERO : Duration.ofMillis(50);
        return new PresenceSettings(delay, PATIENCE, window);
    }

    /** Runs one seed for so many steps, lets everything come to rest, and fails if anything differs from the truth. */
    public static void run(long seed, int steps) {
        try {
            new V1Simulation(seed).run(steps);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run(int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> act();
                case 2 -> pass(Duration.ofMillis(random.nextInt(20)));
                default -> runOneTask();
            }
        }
        clients.stream().filter(V1Client::isSilent).forEach(V1Client::lose);
        rest();
        clients.stream().filter(client -> !client.isOver()).forEach(V1Client::rest);
        clients.forEach(V1Client::lose);
        rest();
        Cast.APPS.forEach(app -> nothingRemains(server.app(app)));
        if (frames.live() != 0) {
            throw new AssertionError(frames.live() + " frames were never released");
        }
    }

    private static void nothingRemains(AppDirectory directory) {
        if (directory.rooms().count() != 0 || directory.peers().count() != 0) {
            throw new AssertionError(directory.rooms().count() + " rooms and "
                    + directory.peers().count() + " peers remain");
        }
        if (!directory.rooms().names().from("", 1).isEmpty()
                || !directory.peers().ids().from("", 1).isEmpty()) {
            throw new AssertionError("names of rooms or ids of peers remain in their index");
        }
    }

    private void act() {
        clients.removeIf(V1Client::isOver);
        if (clients.size() < mostClients && random.nextInt(3) == 0) {
            connect();
        } else if (!clients.isEmpty()) {
            V1Client client = clients.get(random.nextInt(clients.size()));
            String channel = pick(channels);
            switch (random.nextInt(24)) {
                case 0 -> client.lose();
                case 1 -> client.fallSilent();
                case 2, 3 -> client.unsubscribe(channel);
                case 4, 5, 6, 7, 8 -> client.subscribe(channel, random.nextBoolean());
                case 9, 10, 11, 12 -> client.publish(channel);
                case 13 -> client.sendTo(anyPeer());
                case 14 -> client.sayNonsense();
                default -> client.sendToSomeone(channel);
            }
        }
    }

    private void connect() {
        SimulatedLoop loop = loops.get(random.nextInt(LOOPS));
        long id = ++ids;
        V1Client client = new V1Client(id, loop, pick(Cast.APPS), peer(id), truth, presence, random);
        clients.add(client);
        ClientRequest request = Requests.get("/v1", "key=" + client.app + "." + client.peer);
        Interleaving.arrive(loop, () -> {
            if (!client.isOver() && dialect.receive(request) instanceof Dialect.Accepted accepted) {
                client.open(accepted.opening());
            }
        });
    }

    private String peer(long id) {
        return random.nextInt(3) == 0 ? pick(Cast.SHARED_PEERS) : "peer-" + id;
    }

    private String anyPeer() {
        return random.nextBoolean() ? pick(Cast.SHARED_PEERS) : "peer-" + random.nextLong(ids + 1);
    }

    private String pick(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private void pass(Duration time) {
        loops.get(random.nextInt(LOOPS)).advance(time);
    }

    private void runOneTask() {
        List<SimulatedLoop> busy = loops.stream().filter(loop -> !loop.isIdle()).toList();
        if (!busy.isEmpty()) {
            busy.get(random.nextInt(busy.size())).runNext();
        }
    }

    private void rest() {
        int seconds = 0;
        while (loops.stream().anyMatch(loop -> !loop.isIdle() || loop.isWaiting())) {
            runOneTask();
            if (loops.stream().allMatch(SimulatedLoop::isIdle)) {
                if (++seconds > MAX_REST) {
                    throw new AssertionError("some task is always due");
                }
                loops.forEach(loop -> loop.advance(Duration.ofSeconds(1)));
            }
        }
    }
}
