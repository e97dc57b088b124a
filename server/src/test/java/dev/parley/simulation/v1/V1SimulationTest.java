// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

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
 * Replay one seed with {@code mvn -pl server -am test -Dtest=V1SimulationTest -Dsimulation.seed=N}; run more of them
 * with {@code -Dsimulation.seeds=N}.
 */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class V1SimulationTest {

    private static final int STEPS = 2_000;
    private static final int SEEDS_TO_FIND_A_BUG = 200;

    @Test
    void everyGuaranteeHoldsWhoeverIsLostAndWhicheverLoopIsAhead() {
        Long seed = Long.getLong("simulation.seed");
        LongStream seeds =
                seed != null ? LongStream.of(seed) : LongStream.range(0, Long.getLong("simulation.seeds", 500));
        seeds.forEach(it -> V1Simulation.run(it, STEPS));
    }

    @ParameterizedTest
    @MethodSource
    void findsThePlantedBug(PlantedBug bug) {
        Optional<String> failure = bug.firstFailure(V1Simulation.class, SEEDS_TO_FIND_A_BUG, STEPS);

        assertThat(failure).as(bug.name()).isPresent();
    }

    static Stream<PlantedBug> findsThePlantedBug() {
        return Stream.of(
                new PlantedBug(
                        "what a peer sends behind its offer does not wait with it",
                        "core/session/OfferHold.java",
                        "return true; // behind its offer",
                        "return false;"),
                new PlantedBug(
                        "waiting changes do not arrive before the channel is left",
                        "dialect/v1/ChannelSubscriptions.java",
                        "session.releaseOffers(); // first: the client knows the channel until it is acknowledged",
                        ""),
                new PlantedBug(
                        "waiting changes are not sent when their time is over",
                        "core/session/OfferHold.java",
                        "if (pair.until <= now) {",
                        "if (pair.isOver) {"),
                new PlantedBug(
                        "a newcomer is announced before it has its roster",
                        "core/room/Room.java",
                        "told += postRoster(member);",
                        "if (!member.isEntered()) { announce(member); } postRoster(member);"),
                new PlantedBug(
                        "a newcomer is announced a moment too late",
                        "core/room/Room.java",
                        "told += announce(member);",
                        "member.session().loop().post(() -> announce(member));"),
                new PlantedBug(
                        "a member without presence gets announcements",
                        "core/room/RoomMembers.java",
                        "other -> other.isEntered() && other.interest().presence()",
                        "other -> other.interest().presence()"),
                new PlantedBug(
                        "newcomers of a batch can answer before they are announced",
                        "core/room/RoomAnnouncements.java",
                        "batch.tell(all, room.remote(), room.notifier(room.lock()), room.notifier(null));",
                        "batch.tell(all, room.remote(), room.notifier(null), room.notifier(null));"),
                new PlantedBug(
                        "a batch is announced before its newcomers have their rosters",
                        "core/room/ChangeBatch.java",
                        "tellNewcomers(present, first, toNewcomers);\n            } finally {\n"
                                + "                tellOthers(present, first, toOthers);",
                        "tellOthers(present, first, toOthers);\n            } finally {\n"
                                + "                tellNewcomers(present, first, toNewcomers);"),
                new PlantedBug(
                        "newcomers of a batch are announced to each other before the members",
                        "core/room/ChangeBatch.java",
                        "List<RoomMember> alike = new ArrayList<>(newcomers.size());",
                        "List<RoomMember> alike = new ArrayList<>(newcomers.size());"
                                + " tellOfEachOther(first, notifier); first = List.of();"),
                new PlantedBug(
                        "newcomers of a batch learn only of those before them",
                        "core/room/ChangeBatch.java",
                        "joined.subList(entered, joined.size())",
                        "joined.subList(entered, entered)"),
                new PlantedBug(
                        "newcomers of a batch learn only of those behind them",
                        "core/room/ChangeBatch.java",
                        "joined.subList(0, entered)",
                        "joined.subList(entered, entered)"),
                new PlantedBug(
                        "a newcomer's other connection is taken for another peer",
                        "core/room/ChangeBatch.java",
                        "if (present.holds(newcomer)) {",
                        "if (false) {"),
                new PlantedBug(
                        "two connections that come in one batch are two peers",
                        "core/room/ChangeBatch.java",
                        "!present.here().contains(peer) && ids.add(peer)",
                        "!present.here().contains(peer)"),
                new PlantedBug(
                        "a connection that comes in a batch is a peer beside its other one",
                        "core/room/ChangeBatch.java",
                        "!present.here().contains(peer) && ids.add(peer)",
                        "ids.add(peer)"),
                new PlantedBug(
                        "a peer that came back is announced as gone",
                        "core/room/ChangeBatch.java",
                        "if (isAnyoneBack) {",
                        "if (false) {"),
                new PlantedBug(
                        "who left is forgotten where somebody came",
                        "core/room/ChangeBatch.java",
                        "notifier.change(joined, left, told);",
                        "notifier.change(joined, joined.isEmpty() ? left : List.of(), told);"),
                new PlantedBug(
                        "a peer that left before its announcement enters all the same",
                        "core/room/ChangeWindow.java",
                        "newcomers.remove(leaver)",
                        "newcomers.contains(leaver)"),
                new PlantedBug("who left is not noted", "core/room/ChangeWindow.java", "left.add(peer);\n", ""),
                new PlantedBug(
                        "a peer that left alone is not announced",
                        "core/room/RoomAnnouncements.java",
                        "!batch.isEmpty(); batch = waiting.next(all)",
                        "!batch.newcomers().isEmpty(); batch = waiting.next(all)"),
                new PlantedBug(
                        "a roster is asked for again and waiting changes come behind it",
                        "core/room/Room.java",
                        "            announcements.settle();\n            int told = 0;",
                        "            int told = 0;"),
                new PlantedBug(
                        "a window never ends",
                        "core/room/RoomAnnouncements.java",
                        "loop.schedule(length, () -> end(opened, loop));",
                        ""),
                new PlantedBug(
                        "windows follow each other without end",
                        "core/room/RoomAnnouncements.java",
                        "if (wasBusy || opened.isAwaited()) {",
                        "if (true) {"),
                new PlantedBug(
                        "a second window is never opened",
                        "core/room/RoomAnnouncements.java",
                        "await(opened, loop, room.changeTime().multipliedBy(opened.windowsUntilNext()));",
                        ""),
                new PlantedBug(
                        "changes are not announced at the end of a window",
                        "core/room/RoomAnnouncements.java",
                        "                settle();\n            } finally {",
                        "            } finally {"),
                new PlantedBug(
                        "the roster does not wait",
                        "dialect/v1/PendingEntries.java",
                        "entry.getValue() <= latest && ",
                        ""),
                new PlantedBug(
                        "the roster comes while the acknowledgement may be unread",
                        "dialect/v1/PendingEntries.java",
                        "connection.whenRead(presence.patience(), () -> earlier.whenKnown(entering));",
                        "earlier.whenKnown(entering);"),
                new PlantedBug(
                        "the roster comes before the acknowledgement",
                        "dialect/v1/ChannelSubscriptions.java",
                        "pendingEntries.add(admitted.member());",
                        "admitted.member().enter();"),
                new PlantedBug(
                        "a subscription during another is forgotten",
                        "dialect/v1/PendingEntries.java",
                        "if (acknowledged.isEmpty()) {",
                        "if (acknowledged.size() >= 0) {"),
                new PlantedBug(
                        "who left a moment ago enters all the same",
                        "dialect/v1/ChannelSubscriptions.java",
                        "pendingEntries.remove(member);\n        directory.exchange().leave(member, remaining);",
                        "directory.exchange().leave(member, remaining);"),
                new PlantedBug(
                        "what was under way arrives after the unsubscription",
                        "core/room/SignalDelivery.java",
                        "if (member.isGone())",
                        "if (false)"),
                new PlantedBug(
                        "one of two connections closes and the peer counts as gone",
                        "core/room/Room.java",
                        "if (siblings.isEmpty())",
                        "if (true)"),
                new PlantedBug(
                        "a second connection is announced as a second peer",
                        "core/room/Room.java",
                        "members.siblings(member).isEmpty()",
                        "true"),
                new PlantedBug(
                        "nobody waits for dead earlier where rosters come at once",
                        "dialect/v1/PendingEntries.java",
                        "} else if (presence.delay().isZero()) {\n            earlier.whenKnown(entering);",
                        "} else if (presence.delay().isZero()) {\n            enterNext();"),
                new PlantedBug(
                        "nobody waits for dead earlier",
                        "core/relay/EarlierSessions.java",
                        "if (unknown == 0) {\n            step.run();",
                        "if (true) {\n            step.run();"),
                new PlantedBug(
                        "a signal to one peer takes a short cut",
                        "core/session/SignalInbox.java",
                        """
                                    session.loop().post(() -> {
                                        if (sender != null) {
                                            sender.giveBack(frame.length()); // no variable, which tasks keep
                                        }
                                        arrive(frame, sender, origin);
                                    });
                        """,
                        "arrive(frame, sender, origin);"),
                new PlantedBug(
                        "a channel does not learn of patterns that are new",
                        "core/room/PatternFinder.java",
                        "byPattern.put(text, added);",
                        "byPattern.put(text, added); if (byPattern.size() > 1) { return added; }"),
                new PlantedBug(
                        "a channel that was published in is not compared with newer patterns",
                        "core/room/PatternSet.java",
                        "if (subscribers.version() <= before.version()) {",
                        "if (true) {"),
                new PlantedBug(
                        "who hears a channel by its name and by a pattern gets everything twice",
                        "core/room/PatternFinder.java",
                        "if (receivers.add(member.session())) {",
                        "if (receivers.add(member.session()) || true) {"),
                new PlantedBug(
                        "of a pattern only the first hears",
                        "core/room/PatternFinder.java",
                        "Arrays.stream(members), more.stream())",
                        "Arrays.stream(members), more.stream().limit(1))"),
                new PlantedBug(
                        "the sender hears itself",
                        "core/room/SignalDelivery.java",
                        "if (member.session() != own) {",
                        "if (true) {"),
                new PlantedBug(
                        "only the first loop hears",
                        "core/room/RoomPublication.java",
                        "            from = to;\n        }\n        return receivers;",
                        "            break;\n        }\n        return receivers;"),
                new PlantedBug(
                        "who is gone can still be sent to",
                        "dialect/v1/WelcomedClient.java",
                        "exchange().depart(session);",
                        ""),
                new PlantedBug(
                        "who is gone can still be sent to until its channels know",
                        "dialect/v1/WelcomedClient.java",
                        "exchange().depart(session);\n            subscriptions.end();",
                        "subscriptions.end();\n            exchange().depart(session);"));
    }
}
