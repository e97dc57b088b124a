// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.cluster.StoreCoordinator;
import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.Requester;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Coordinator} promises, of the one that decides by a store whose calls get lost and are done late. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class CoordinatorContractTest {

    private static final String APP = "red";
    private static final String ROOM = "lobby";
    private static final Requester PEER = new Requester("192.0.2.1", "peer");
    private static final int ANY = PlaceRequest.ANY;
    private static final Duration TICK = Duration.ofMillis(10);

    private final List<SimulatedLoop> loops = new ArrayList<>();

    /** A node, and what its coordinator tells it. */
    private static final class Node implements Coordinator.Receiver {

        final SimulatedLoop loop = new SimulatedLoop();
        final StoreCoordinator coordinator;
        final List<String> told = new ArrayList<>();
        boolean isDead;

        Node(String name, SimulatedStore store) {
            coordinator = new StoreCoordinator(name, store.link(() -> !isDead), loop, ServerObserver.NONE, false);
            coordinator.start(this);
        }

        @Override
        public void apply(NodeEvent event) {
            told.add(
                    switch (event) {
                        case NodeEvent.Published published ->
                            TextPayload.text(published.signal().payload());
                        case NodeEvent.Entered entered ->
                            "entered " + entered.entry().peer().id();
                        case NodeEvent.Left left -> "left " + left.session();
                        default -> event.toString();
                    });
        }

        @Override
        public void stateLost(int state) {
            told.add("state lost");
        }

        SessionId session(int number) {
            return new SessionId(coordinator.node(), number);
        }

        void submit(Command command) {
            coordinator.submit(coordinator.state(), PEER, command, outcome -> told.add(name(outcome)));
        }

        private static String name(Outcome outcome) {
            return outcome.getClass().getSimpleName();
        }

        void join(int number, int capacity) {
            PeerIdentity peer = new PeerIdentity(coordinator.node() + number, null);
            PlaceRequest place = new PlaceRequest("192.0.2.1", capacity);
            submit(new Command.Join(APP, ROOM, session(number), peer, Command.Join.Entry.ENTERS, place));
        }

        void publish(int number, String text) {
            SignalHead head = new SignalHead(new PeerIdentity("peer", null), session(number), 0, PEER.address());
            submit(new Command.Publish(APP, ROOM, head, new Signal(Signal.Kind.TEXT, TextPayload.of(text))));
        }
    }

    private SimulatedStore store(long seed) {
        SimulatedStore store = new SimulatedStore(new Random(seed));
        loops.add(store.loop);
        return store;
    }

    private Node node(String name, SimulatedStore store) {
        Node node = new Node(name, store);
        loops.add(node.loop);
        return node;
    }

    private void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
            loops.forEach(loop -> loop.advance(TICK));
            while (loops.stream().anyMatch(loop -> !loop.isIdle())) {
                loops.stream().filter(loop -> !loop.isIdle()).forEach(SimulatedLoop::runNext);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyCommandIsDecidedOnceAndInOrderWhateverGetsLost(long seed) {
        SimulatedStore store = store(seed);
        Node sender = node("a", store);
        Node receiver = node("b", store);
        receiver.join(1, ANY);
        pass(Duration.ofSeconds(3));
        receiver.told.clear();
        for (int i = 0; i < 300; i++) {
            sender.publish(1, Integer.toString(i));
            pass(TICK);
        }
        pass(Duration.ofSeconds(4));

        assertThat(receiver.told)
                .containsExactlyElementsOf(
                        IntStream.range(0, 300).mapToObj(Integer::toString).toList());
        assertThat(sender.told).hasSize(300).containsOnly("Published");
    }

    @Test
    void anEventComesBeforeTheOutcomeOfItsCommand() {
        Node node = node("a", store(0));
        node.join(1, ANY);
        node.publish(2, "hello");
        pass(Duration.ofSeconds(3));

        assertThat(node.told).containsExactly("Joined", "hello", "Published");
    }

    @Test
    void whileTheStoreIsAwayASignalIsUnavailableInTimeAndALeaveIsKept() {
        SimulatedStore store = store(0);
        Node node = node("a", store);
        node.join(1, ANY);
        pass(Duration.ofSeconds(3));
        store.isAway = true;
        node.told.clear();
        node.publish(1, "hello");
        node.submit(new Command.Leave(APP, ROOM, node.session(1)));
        pass(Duration.ofSeconds(6));
        assertThat(node.told).containsExactly("Unavailable");
        store.isAway = false;
        pass(Duration.ofSeconds(3));

        assertThat(node.told).containsExactly("Unavailable", "Done");
    }

    @Test
    void aLossOfTheStateComesFirstThenTheCommandsThatWereLostWithIt() {
        SimulatedStore store = store(0);
        Node node = node("a", store);
        pass(Duration.ofSeconds(3));
        int before = node.coordinator.state();
        store.isAway = true;
        node.submit(new Command.Leave(APP, ROOM, node.session(1)));
        pass(Duration.ofSeconds(1));
        store.model.empty();
        store.isAway = false;
        pass(Duration.ofSeconds(3));
        assertThat(node.told).containsExactly("state lost", "Unavailable");
        node.coordinator.submit(
                before, PEER, new Command.Leave(APP, ROOM, node.session(1)), it -> node.told.add("late " + it));
        node.join(1, ANY);
        pass(Duration.ofSeconds(3));

        assertThat(node.told)
                .containsExactly("state lost", "Unavailable", "late Unavailable[mayBeDone=false]", "Joined");
    }

    @Test
    void sessionsOfANodeThatIsDeadLeaveAndThoseOfOneThatIsAliveStay() {
        SimulatedStore store = store(0);
        Node watcher = node("a", store);
        Node dying = node("b", store);
        Node living = node("c", store);
        watcher.join(1, ANY);
        pass(Duration.ofSeconds(3));
        dying.join(1, ANY);
        living.join(1, ANY);
        pass(Duration.ofSeconds(3));
        watcher.told.clear();
        dying.isDead = true;
        pass(Duration.ofSeconds(15));

        assertThat(watcher.told).containsExactly("left b-1");
    }

    @Test
    void aNodeThatLeavesAppliesNothingMoreAndItsLastCommandsAreDecided() {
        SimulatedStore store = store(0);
        Node leaving = node("a", store);
        Node staying = node("b", store);
        leaving.join(1, ANY);
        staying.join(1, ANY);
        pass(Duration.ofSeconds(3));
        leaving.told.clear();
        staying.told.clear();
        leaving.coordinator.stopApplying(() -> leaving.told.add("stopped"));
        staying.publish(1, "hello");
        leaving.submit(new Command.Leave(APP, ROOM, leaving.session(1)));
        leaving.coordinator.leave(() -> leaving.told.add("left"));
        pass(Duration.ofSeconds(3));

        assertThat(leaving.told).containsExactly("stopped", "left");
        assertThat(staying.told).contains("left a-1");
    }

    @Test
    void nobodyIsTakenForDeadBecauseTheStoreWasAway() {
        SimulatedStore store = store(0);
        List<Node> nodes = List.of(node("a", store), node("b", store), node("c", store));
        pass(Duration.ofSeconds(3));
        store.isAway = true;
        pass(Duration.ofSeconds(20));
        store.isAway = false;
        pass(Duration.ofSeconds(20));

        assertThat(nodes).allSatisfy(node -> assertThat(node.told).isEmpty());
    }

    @Test
    void aRoomTakesAsManyPeersAsItMayFromAllNodesTogether() {
        SimulatedStore store = store(0);
        List<Node> nodes = List.of(node("a", store), node("b", store), node("c", store));
        for (Node node : nodes) {
            node.join(1, 2);
            pass(Duration.ofSeconds(3));
        }

        assertThat(nodes.getLast().told).containsExactly("Full");
    }
}
