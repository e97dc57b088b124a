// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

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
 * Replay one seed with {@code mvn -pl server -am test -Dtest=LastingSimulationTest -Dsimulation.seed=N}; run more of
 * them with {@code -Dsimulation.seeds=N}.
 */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class LastingSimulationTest {

    private static final int STEPS = 2_000;
    private static final int SEEDS_TO_FIND_A_BUG = 200;

    @Test
    void noSignalIsLostSilentlyWhicheverSocketBreaksWhen() {
        Long seed = Long.getLong("simulation.seed");
        LongStream seeds =
                seed != null ? LongStream.of(seed) : LongStream.range(0, Long.getLong("simulation.seeds", 500));
        seeds.forEach(it -> LastingSimulation.run(it, STEPS));
    }

    @ParameterizedTest
    @MethodSource
    void findsThePlantedBug(PlantedBug bug) {
        Optional<String> failure = bug.firstFailure(LastingSimulation.class, SEEDS_TO_FIND_A_BUG, STEPS);

        assertThat(failure).as(bug.name()).isPresent();
    }

    static Stream<PlantedBug> findsThePlantedBug() {
        String connection = "core/session/LastingConnection.java";
        String delivery = "core/session/LastingDelivery.java";
        String probes = "core/session/LifeProbes.java";
        String room = "core/room/Room.java";
        String absentPeers = "core/room/AbsentPeers.java";
        return Stream.of(
                new PlantedBug(
                        "a request that is said again counts again",
                        "core/session/RequestReceipts.java",
                        "if (sequence <= received) {",
                        "if (false) {"),
                new PlantedBug(
                        "the replay begins one too late",
                        delivery,
                        "outbox.forget(position);",
                        "outbox.forget(position + 1);"),
                new PlantedBug("the replay begins with what was received", delivery, "outbox.forget(position);", ""),
                new PlantedBug(
                        "the end of a socket that was replaced ends the new one's time",
                        connection,
                        "    void socketEnded(ClientConnection from, ConnectionEnding how) {\n        if"
                                + " (!isCurrent(from)) {",
                        "    void socketEnded(ClientConnection from, ConnectionEnding how) {\n        if"
                                + " (delivery.socket() == null) {"),
                new PlantedBug(
                        "the window goes on after its client came back",
                        "core/session/ResumeWindow.java",
                        "isClosed = true;\n        announcement.cancel();\n        expiry.cancel();",
                        "announcement.cancel();"),
                new PlantedBug(
                        "signals kept for a client that does not come back are not reported",
                        delivery,
                        "outbox.removeAll().forEach(span -> registry.reportUndelivered(span, peerId, reason));",
                        "outbox.removeAll();"),
                new PlantedBug(
                        "only the last of several that did not arrive is reported",
                        "core/session/UnconfirmedFrames.java",
                        "before.from(), now.through()",
                        "now.from(), now.through()"),
                new PlantedBug(
                        "a signal that waited for its turn is forgotten",
                        "core/relay/WaitingSignal.java",
                        "decide.accept(signal);",
                        ""),
                new PlantedBug(
                        "a sender whose signal has waited is never read again",
                        "core/relay/WaitingSignal.java",
                        "from.connection().resumeReading();",
                        ""),
                new PlantedBug(
                        "signals that wait never begin, although deliveries are done",
                        "core/session/DeliveryTurns.java",
                        "if (underWay.addAndGet(-cost) <= now(low) && waiting > 0) {",
                        "if (underWay.addAndGet(-cost) < 0) {"),
                new PlantedBug("a token is never void", "core/session/TokenTurns.java", "turn >= oldest && ", ""),
                new PlantedBug(
                        "the older token is void before the newer one arrived",
                        "core/session/TokenTurns.java",
                        "newest++;",
                        "newest++; oldest = newest;"),
                new PlantedBug(
                        "signals for a client that has just gone are dropped",
                        delivery,
                        "frame.release();\n            if (origin != null) {",
                        "frame.release();\n            if (false) {"),
                new PlantedBug(
                        "a client that is gone stays", "core/session/LastingSession.java", "owner().ended(last);", ""),
                new PlantedBug(
                        "what is too much is forgotten and the session goes on",
                        delivery,
                        "if (isOverfull()) {\n            overflow.run();",
                        "if (isOverfull()) {\n            outbox.forget(outbox.next() - 1);"),
                new PlantedBug(
                        "the welcome of a client that comes back acknowledges nothing",
                        "dialect/v1/WelcomeFrames.java",
                        "session.receipts().received());",
                        "0);"),
                new PlantedBug(
                        "who is put out while away comes back",
                        connection,
                        "if (why != null) {\n            closeAndEnd(why, code);",
                        "if (why != null && old != null) {\n            closeAndEnd(why, code);"),
                new PlantedBug(
                        "what was missed comes before the welcome",
                        delivery,
                        "sendTransient(welcome);\n        missed = MissedFrames.of(outbox.list());",
                        "missed = MissedFrames.of(outbox.list()); resend(); sendTransient(welcome);"),
                new PlantedBug(
                        "signals that wait for a client that does not come back are dropped and not reported",
                        "core/session/ReceiverBacklog.java",
                        "queue.clear(this::drop);",
                        "queue.clear(it -> { leave(it); it.frame().release(); });"),
                new PlantedBug(
                        "a signal for which there was no room in time is acknowledged",
                        "core/session/ReceiverBacklog.java",
                        "request.answer.answered(false);",
                        "request.answer.answered(true);"),
                new PlantedBug(
                        "a later signal overtakes one that waits for room",
                        "core/session/ReceiverBacklog.java",
                        "        admitEarlier(sender);\n",
                        ""),
                new PlantedBug(
                        "a signal that is dropped for a busy receiver is not reported",
                        "core/session/SignalInbox.java",
                        "session.dropped(signal.origin());",
                        ""),
                new PlantedBug(
                        "who comes back on another loop may be heard before it is let in",
                        "dialect/v1/ClientAdmission.java",
                        "on(session.loop(), () -> conversation.enter(socket(session)));",
                        "session.loop().schedule(java.time.Duration.ZERO, () -> on(session.loop(), () ->"
                                + " conversation.enter(socket(session))));"),
                new PlantedBug(
                        "an attempt the client has given up takes the session from the next",
                        connection,
                        "if (attempt.arrival() < arrival) {",
                        "if (false) {"),
                new PlantedBug(
                        "attempts count in the order in which they are handled",
                        "dialect/v1/ClientAdmission.java",
                        "rejection.connection().id(), alive",
                        "System.nanoTime(), alive"),
                new PlantedBug(
                        "a session whose probed socket is replaced or breaks is over",
                        probes,
                        "delivery.link().probe(now, patience, () -> socketProbed(probe));",
                        "delivery.link().probe(now, patience, () -> { if (delivery.socket() != now) { end.run(); }"
                                + " probe.answer(); });"),
                new PlantedBug(
                        "a socket that breaks while it is probed leaves no time to resume",
                        probes,
                        "if (delivery.socket() == null) {\n            awaitResume(probe);",
                        "if (delivery.socket() == null) { end.run();"),
                new PlantedBug(
                        "a resume is no answer to a probe",
                        connection,
                        "answerProbes();\n        delivery.waitUntilWritable();",
                        "delivery.waitUntilWritable();"),
                new PlantedBug(
                        "a session that ends while it waits stays counted as away",
                        connection,
                        "delivery.setSocket(null);\n        closeWindow();",
                        "delivery.setSocket(null);"),
                new PlantedBug(
                        "a peer that was announced as away is not back when another tab enters",
                        room,
                        "member.entered(isFirst);\n        announcements.reviewAbsence(member);",
                        "member.entered(isFirst);"),
                new PlantedBug(
                        "a peer is not announced as away when the tab that was present leaves",
                        room,
                        "} else {\n                announcements.reviewAbsence(member);",
                        "} else {"),
                new PlantedBug(
                        "a peer of whom one tab is lost is announced as away",
                        absentPeers,
                        "away.remove(id(members[i]));",
                        ""),
                new PlantedBug(
                        "a peer receives its own absence",
                        absentPeers,
                        "if (receivesAbsences(member) && peers.contains(id(member))) {",
                        "if (false) {"),
                new PlantedBug(
                        "a peer that has left is announced as back",
                        "core/room/RoomAnnouncements.java",
                        "absentPeers.forget(peer.id());",
                        ""),
                new PlantedBug(
                        "a newcomer does not learn who is away",
                        "core/room/RoomAnnouncements.java",
                        "absentPeers.announceAll(member, room.notifier(null));",
                        ""));
    }
}
