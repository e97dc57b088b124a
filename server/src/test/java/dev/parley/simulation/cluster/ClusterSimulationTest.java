// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.simulation.PlantedBug;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replay one seed with {@code mvn -pl server -am test -Dtest=ClusterSimulationTest -Dsimulation.seed=N}; run more of
 * them with {@code -Dsimulation.seeds=N}.
 */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class ClusterSimulationTest {

    private static final int STEPS = 1_500;
    private static final int SEEDS_TO_FIND_A_BUG = 500;

    @Test
    void whatClientsOfSeveralNodesSeeAndReceiveIsTrueWhateverFails() {
        Long seed = Long.getLong("simulation.seed");
        LongStream seeds =
                seed != null ? LongStream.of(seed) : LongStream.range(0, Long.getLong("simulation.seeds", 500));
        seeds.forEach(it -> ClusterSimulation.run(it, STEPS));
    }

    @ParameterizedTest
    @MethodSource
    void findsThePlantedBug(PlantedBug bug) {
        Optional<String> failure = bug.firstFailure(ClusterSimulation.class, SEEDS_TO_FIND_A_BUG, STEPS);

        assertThat(failure).as(bug.name()).isPresent();
    }

    static Stream<PlantedBug> findsThePlantedBug() {
        return Stream.of(
                new PlantedBug(
                        "a signal is acknowledged before it is decided",
                        "core/relay/ClusterExchange.java",
                        "            int receivers = reached(outcome);",
                        "            int receivers = 1;"),
                new PlantedBug(
                        "an outcome overtakes an event that waits for its turn",
                        "core/relay/OrderedCoordinator.java",
                        "it -> queue.apply(() -> outcome.accept(it))",
                        "outcome"),
                new PlantedBug(
                        "what was decided later overtakes a signal that waits for its turn",
                        "core/relay/DecisionQueue.java",
                        "if (waiting.isEmpty() && !hasToWait(next)) {",
                        "if (!hasToWait(next)) {"),
                new PlantedBug(
                        "a call that got no reply is not repeated",
                        "cluster/CommandQueue.java",
                        "sent.tailMap(accepted, false)\n                .forEach",
                        "sent.tailMap(accepted = last, false)\n                .forEach"),
                new PlantedBug(
                        "a command overtakes another one of its peer",
                        "cluster/TurnQueue.java",
                        "                .add(new Item<>(",
                        "                .addFirst(new Item<>("),
                new PlantedBug(
                        "what is read again is applied again",
                        "cluster/InboxPlace.java",
                        "through = page.through();",
                        ""),
                new PlantedBug(
                        "two calls read the inbox at once",
                        "cluster/InboxPlace.java",
                        "return !isReading && !isRemoving && ",
                        "return "),
                new PlantedBug(
                        "a node does not notice that the store has lost its state",
                        "cluster/Incarnation.java",
                        "if (received instanceof StoreReply.Gone) {\n                                " + "lost.run();",
                        "if (received instanceof StoreReply.Gone) {\n                                "
                                + "noReply.run();"),
                new PlantedBug(
                        "sessions are not submitted again when the state was lost",
                        "core/relay/SubmittedSessions.java",
                        "session.loop().post(() -> submitAgain(session, state))",
                        "{}"),
                new PlantedBug(
                        "a member is submitted again without its entry",
                        "core/relay/SubmittedSessions.java",
                        "member.isEntering() ? Command.Join.Entry.ENTERS",
                        "false ? Command.Join.Entry.ENTERS"),
                new PlantedBug(
                        "sessions of other nodes that do not come again stay",
                        "core/room/RemoteRoster.java",
                        "anyLoop().schedule(RETURN, () -> room.changeRemote(it -> dropUnconfirmed(loss)));",
                        ""),
                new PlantedBug(
                        "sessions of other nodes that came again leave all the same",
                        "core/room/RemoteSessions.java",
                        "void put(RosterEntry entry) {\n        unconfirmed.remove(entry.session());",
                        "void put(RosterEntry entry) {"),
                new PlantedBug(
                        "a node is taken for dead because the store was away",
                        "cluster/NodeWatch.java",
                        "boolean isSure = lastLook != Long.MIN_VALUE && now - lastLook < GAP.toNanos();",
                        "boolean isSure = true;"),
                new PlantedBug(
                        "a node that is gone is never swept",
                        "cluster/NodeWatch.java",
                        "if (now - seen.since() > SILENCE.toNanos()) {",
                        "if (false) {"),
                new PlantedBug(
                        "a signal overtakes the announcement of its sender",
                        "core/room/ChangeWindow.java",
                        "return joined.containsKey(peer) || (member",
                        "return (member"),
                new PlantedBug(
                        "a signal reaches a newcomer before its roster",
                        "core/room/ChangeWindow.java",
                        "newcomers.contains(member)",
                        "false"),
                new PlantedBug(
                        "what is published overtakes the announcement of its sender",
                        "core/room/DecidedRooms.java",
                        "room.announceEntry(from.peer().id(), null);",
                        ""),
                new PlantedBug(
                        "a peer that left one node is announced as gone, and is on another",
                        "core/room/Room.java",
                        "            if (!remote().holds(peer.id())) {\n                announcements.leave(",
                        "            if (true) {\n                announcements.leave("),
                new PlantedBug(
                        "a peer that left another node is announced as gone, and is here",
                        "core/room/RemoteRoster.java",
                        "if (!sessions.holds(peer.id()) && !room.members().hasEntered(peer.id())) {",
                        "if (!sessions.holds(peer.id())) {"),
                new PlantedBug(
                        "a peer that is on another node is announced once more",
                        "core/room/Room.java",
                        "return isFirst && !remote().holds(member.session().peer().id()) ?",
                        "return isFirst ?"),
                new PlantedBug(
                        "a peer that comes in a batch and is on another node is announced once more",
                        "core/room/ChangeBatch.java",
                        "if (isListed && !present.holds(newcomer)) {",
                        "if (isListed) {"),
                new PlantedBug(
                        "who came to another node and left unannounced is announced as gone",
                        "core/room/ChangeWindow.java",
                        "if (joined.remove(peer.id()) == null) {",
                        "joined.remove(peer.id());\n        if (true) {"),
                new PlantedBug(
                        "who came to another node is not noted",
                        "core/room/ChangeWindow.java",
                        "        joined.put(peer.id(), peer);\n",
                        ""),
                new PlantedBug(
                        "a newcomer gets no roster of other nodes",
                        "core/room/Room.java",
                        "entries.forEach(remoteRoster()::add);",
                        ""),
                new PlantedBug(
                        "a session that was admitted too late stays in the room",
                        "core/relay/EntryAttempt.java",
                        "leave.accept(member);",
                        ""),
                new PlantedBug(
                        "a client that is gone stays in the room it asked for",
                        "dialect/v1/ChannelSubscriptions.java",
                        "            giveMemory(channel);\n            leave(admitted.member());",
                        "            giveMemory(channel);"),
                new PlantedBug(
                        "a peer's other sessions on the node get no signals",
                        "core/relay/PeerRegistry.java",
                        "                    receiver.inbox().request(frame.retain(), from, origin, "
                                + "isTaken -> {\n                        if (!isTaken) {\n                       "
                                + "     missed.run();\n                        }\n                    });\n      "
                                + "          }\n",
                        "                    receiver.inbox().request(frame.retain(), from, origin, "
                                + "isTaken -> {\n                        if (!isTaken) {\n                       "
                                + "     missed.run();\n                        }\n                    });\n      "
                                + "          }\n                break;\n"),
                new PlantedBug(
                        "the sender of what is published receives it",
                        "core/relay/DecidedEvents.java",
                        "return new SignalSource.Decided(head.peer(), head.address(), session);",
                        "return new SignalSource.Decided(head.peer(), head.address(), null);"));
    }
}
