// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.minimal;

import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Payload;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One run of core and the minimal dialect on one thread: clients on several loops join, talk and are lost at random,
 * and any loop may be ahead of any other. The seed decides everything, so a failing run can be repeated.
 *
 * <p>Each act changes the truth in the same step in which core carries it out.
 */
final class MinimalSimulation {

    private static final int LOOPS = 3;
    private static final int CLIENTS = 9;
    private static final List<String> ROOMS = List.of("/", "/minimal/a", "/minimal/b");

    private final Random random;
    private final Faults faults;
    private final History history = new History();
    private final RoomTruth truth = new RoomTruth(history);
    private final SimulatedFrames frames = new SimulatedFrames();
    private final TestServer server = TestServer.of(frames);
    private final MinimalDialect dialect = server.minimal();
    private final List<SimulatedLoop> loops;
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private long clients;
    private long signals;

    MinimalSimulation(long seed, Faults faults) {
        this.random = new Random(seed);
        this.faults = faults;
        this.loops = Stream.generate(() -> faults.loop(random)).limit(LOOPS).toList();
    }

    /** Takes so many steps, lets everything come to rest, and fails if anything differs from the truth. */
    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(4) == 0) {
                act();
            } else {
                runOneTask();
            }
        }
        rest();
        history.check();
        connections.forEach(this::lose);
        rest();
        if (rooms() != 0 || truth.rooms() != 0) {
            throw new AssertionError(rooms() + " rooms remain, and in truth " + truth.rooms());
        }
        if (frames.live() != 0) {
            throw new AssertionError(frames.live() + " frames were never released");
        }
    }

    private void act() {
        if (connections.size() < CLIENTS && random.nextInt(3) == 0) {
            connect();
        } else if (!connections.isEmpty()) {
            SimulatedConnection connection = connections.get(random.nextInt(connections.size()));
            if (random.nextInt(8) == 0) {
                connections.remove(connection);
                lose(connection);
            } else {
                signal(connection);
            }
        }
    }

    private void connect() {
        SimulatedLoop loop = loops.get(random.nextInt(LOOPS));
        SimulatedConnection connection = faults.connection(++clients, loop, history);
        String room = ROOMS.get(random.nextInt(ROOMS.size()));
        connections.add(connection);
        loop.post(() -> {
            truth.joined(connection.id(), room);
            if (dialect.receive(Requests.get(faults.room(room), "")) instanceof Dialect.Accepted accepted) {
                connection.open(accepted.opening());
            }
        });
    }

    private void signal(SimulatedConnection connection) {
        boolean isText = random.nextBoolean();
        String signal = "signal " + ++signals;
        Payload payload = TextPayload.of(signal);
        connection.loop().post(() -> {
            if (!connection.isOpen()) {
                return;
            }
            truth.sent(connection.id(), (isText ? "text " : "binary ") + signal);
            if (isText) {
                connection.conversation().text(payload);
            } else {
                connection.conversation().binary(payload);
            }
        });
    }

    private void lose(SimulatedConnection connection) {
        connection.loop().post(() -> {
            if (connection.isOpen()) {
                truth.left(connection.id());
                connection.end(new ConnectionEnding.Lost("cut"));
            }
        });
    }

    private void runOneTask() {
        List<SimulatedLoop> busy = loops.stream().filter(loop -> !loop.isIdle()).toList();
        if (!busy.isEmpty()) {
            busy.get(random.nextInt(busy.size())).runNext();
        }
    }

    private void rest() {
        while (loops.stream().anyMatch(loop -> !loop.isIdle())) {
            runOneTask();
        }
    }

    private int rooms() {
        return server.app("minimal").rooms().count();
    }
}
