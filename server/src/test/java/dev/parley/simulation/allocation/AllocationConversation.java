// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.allocation;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.MemoryBudget;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One conversation over v1 and {@code parley.v1} in which some allocations fail: clients connect, subscribe, publish,
 * send, lose a socket, resume on another loop, connect twice as one peer, are put out and leave. Whatever fails, each
 * acknowledged signal is delivered or reported, each client that stays open has its answers and the right roster, and
 * nothing remains.
 */
public final class AllocationConversation {

    private static final Duration TURN = Duration.ofMillis(600);
    private static final Duration ADMISSION = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMinutes(3);

    private final SimulatedFrames frames;
    private final FailingLoop here;
    private final FailingLoop there;
    private final MemoryBudget memory = Terms.memory();
    private final TestServer server;
    private final V1Dialect dialect;
    private final List<FailingClient> clients = new ArrayList<>();
    private final List<Signal> signals = new ArrayList<>();
    private long sockets;

    private record Signal(FailingClient sender, FailingClient receiver, String data) {}

    private AllocationConversation(AllocationFaults faults, DeliveryTurns turns) {
        this.frames = new SimulatedFrames(faults::frame);
        this.here = new FailingLoop(faults);
        this.there = new FailingLoop(faults);
        this.server = TestServer.with().memory(memory).deliveries(turns).build(frames);
        this.dialect = server.v1();
    }

    /**
     * Runs it, and fails if a promise is broken.
     *
     * @param first the number of the first allocation that fails
     * @param framesInARow see {@link AllocationFaults}
     * @param turns in which signals for many are delivered
     * @return whether there were so many allocations
     */
    public static boolean run(long first, int framesInARow, DeliveryTurns turns) {
        AllocationFaults faults = new AllocationFaults(first, framesInARow);
        try {
            new AllocationConversation(faults, turns).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("allocation " + first + " of " + framesInARow + " in a row: " + e.getMessage(), e);
        }
        return faults.isReached();
    }

    private void run() {
        FailingClient alice = connect("alice", true, here); // shows metadata
        FailingClient bob = connect("bob", true, there);
        FailingClient carol = connect("carol", false, here);
        FailingClient dave = connect("dave", false, there);
        for (FailingClient client : List.of(alice, bob, carol)) {
            client.subscribe();
            pass(TURN);
        }
        dave.subscribe();
        pass(Duration.ofMillis(100)); // carol has just learnt of dave
        offer(dave, carol, "d to c, an offer");
        settle();
        send(dave, carol, "d to c, behind the offer");
        pass(TURN);
        send(alice, bob, "a to b");
        send(alice, carol, "a to c");
        send(carol, bob, "c to b");
        publish(alice, "a to all");
        publish(carol, "c to all");
        pass(TURN);

        bob.lose();
        pass(Duration.ofMillis(1));
        send(alice, bob, "a to b, who is away");
        publish(alice, "a to all, of whom b is away");
        pass(Duration.ofSeconds(3)); // others learn that bob is waited for
        resume(bob, here);
        send(bob, alice, "b to a, by way of another loop");
        settle();
        publish(bob, "b to all, by way of another loop");
        pass(TURN);

        FailingClient second = connect("alice", true, there);
        second.subscribe();
        pass(TURN);
        send(bob, alice, "b to both of a");
        pass(TURN);

        FailingClient erin = connect("erin", true, there);
        pass(TURN);
        send(alice, erin, "a to e, who is put out");
        close(erin);
        send(alice, erin, "a to e, who is being put out");
        pass(TURN);

        carol.unsubscribe();
        pass(TURN);
        publish(dave, "d to those who stay");
        pass(TURN);
        bob.receipt();
        pass(WINDOW); // who did not come back is gone by now
        check();
        clients.forEach(FailingClient::leave);
        pass(WINDOW);
        checkNothingRemains();
    }

    private FailingClient connect(String name, boolean isLasting, FailingLoop loop) {
        FailingClient client = new FailingClient(name, isLasting, dialect);
        clients.add(client);
        client.connect(++sockets, loop);
        pass(TURN);
        if (!client.isOpen()) {
            pass(ADMISSION);
            client.closeIfNotAdmitted();
            pass(TURN);
        }
        return client;
    }

    private void resume(FailingClient client, FailingLoop loop) {
        if (!client.isOver()) {
            client.connect(++sockets, loop);
            pass(TURN);
            client.receipt();
        }
    }

    private void send(FailingClient from, FailingClient to, String data) {
        send(from, to, data, "");
    }

    private void offer(FailingClient from, FailingClient to, String data) {
        send(from, to, data, " ".repeat(700));
    }

    private void send(FailingClient from, FailingClient to, String data, String padding) {
        if (from.isOpen()) {
            clients.stream()
                    .filter(it -> it.name().equals(to.name()) && it.hasSession() && hasSession(it))
                    .forEach(it -> signals.add(new Signal(from, it, data)));
            from.send(to.name(), data, padding);
        }
    }

    private void publish(FailingClient from, String data) {
        if (from.isOpen()) {
            clients.stream()
                    .filter(it -> it != from && it.isAudience() && hasSession(it))
                    .forEach(it -> signals.add(new Signal(from, it, data)));
            from.publish(data);
        }
    }

    /**
     * Whether the server has one of the client's peer: a client without a socket learns later that its session is over.
     */
    private boolean hasSession(FailingClient client) {
        return directory().peers().sessions(client.name()) > 0;
    }

    private void close(FailingClient client) {
        try {
            directory().peers().close(client.name(), CloseCode.ADMIN_DISCONNECT);
        } catch (OutOfMemoryError e) {
            // A back end is answered 500.
        }
    }

    /** Runs everything that is posted, lets time pass, and runs what was due by then. */
    private void pass(Duration time) {
        settle();
        for (Duration step = Duration.ofMillis(100); time.compareTo(Duration.ZERO) > 0; time = time.minus(step)) {
            Duration next = time.compareTo(step) < 0 ? time : step;
            here.advance(next);
            there.advance(next);
            settle();
        }
    }

    private void settle() {
        while (!here.isIdle() || !there.isIdle()) {
            SimulatedLoop loop = here.isIdle() ? there : here;
            loop.runNext();
        }
    }

    private void check() {
        for (Signal signal : signals) {
            if (signal.sender().isOpen()
                    && signal.sender().isAcknowledged(signal.data())
                    && !signal.receiver().hasReceived(signal.data())
                    && !isReported(signal)) {
                throw new AssertionError("\"" + signal.data() + "\" of "
                        + signal.sender().name() + " was acknowledged and lost silently for "
                        + signal.receiver().name());
            }
        }
        Set<String> present = directory().rooms().roster(FailingClient.CHANNEL, "", Integer.MAX_VALUE).stream()
                .map(PeerIdentity::id)
                .collect(Collectors.toSet());
        for (FailingClient client : clients) {
            if (client.isOpen() && !client.unanswered().isEmpty()) {
                throw new AssertionError(client.name() + " was never answered: " + client.unanswered());
            }
            if (client.isSubscribed()) {
                Set<String> others = new HashSet<>(present);
                others.remove(client.name());
                if (!client.roster().equals(others)) {
                    throw new AssertionError(client.name() + " sees " + client.roster() + " instead of " + others);
                }
            }
        }
    }

    /**
     * The sender learns it by a message, or, for receivers whose sessions end with their sockets, these know
     * themselves.
     */
    private static boolean isReported(Signal signal) {
        FailingClient receiver = signal.receiver();
        return (signal.sender().isLasting() && receiver.isLasting())
                ? signal.sender().isNotified(signal.data(), receiver.name())
                : receiver.isOver();
    }

    private void checkNothingRemains() {
        String remains = List.of(
                        directory().rooms().count() + " rooms",
                        directory().peers().count() + " peers",
                        directory().usage().connections() + " places",
                        server.sessions().count() + " sessions",
                        server.sessions().away() + " away",
                        memory.used() + " bytes kept",
                        frames.live() + " frames")
                .stream()
                .filter(it -> !it.startsWith("0 "))
                .collect(Collectors.joining(", "));
        if (!remains.isEmpty()) {
            throw new AssertionError("remains: " + remains);
        }
    }

    private AppDirectory directory() {
        return server.app("red");
    }
}
