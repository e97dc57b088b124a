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
        String room = "core/room/Room.java";
        String absentPeers = "core/room/AbsentPeers.java";
        return Stream.of(
                new PlantedBug(
                        "a request that is said again counts again",
                        "dialect/v1/RequestReceipts.java",
                        "if (sequence <= received) {",
                        "if (false) {"),
                new PlantedBug(
                        "the replay begins one too late",
                        connection,
                        "outbox.forget(attempt.position());",
                        "outbox.forget(attempt.position() + 1);"),
                new PlantedBug(
                        "the replay begins with what was received",
                        connection,
                        "outbox.forget(attempt.position());",
                        ""),
                new PlantedBug(
                        "the end of a socket that was replaced ends the new one's time",
                        connection,
                        "    public void socketEnded(ClientConnection from, ConnectionEnding how) {\n        if"
                                + " (from != socket) {",
                        "    public void socketEnded(ClientConnection from, ConnectionEnding how) {\n        if"
                                + " (socket == null) {"),
                new PlantedBug(
                        "the window goes on after its client came back",
                        "core/session/ResumeWindow.java",
                        "isClosed = true;\n        announcement.cancel();\n        expiry.cancel();",
                        "announcement.cancel();"),
                new PlantedBug(
                        "signals kept for a client that does not come back are not reported",
                        connection,
                        "} finally {\n            reportUnconfirmed(how);",
                        "} finally {\n            outbox.removeAll();"),
                new PlantedBug(
                        "only the last of several that did not arrive is reported",
                        "core/session/UnconfirmedFrames.java",
                        "before.from(), now.through()",
                        "now.from(), now.through()"),
                new PlantedBug("a token is never void", "core/session/TokenTurns.java", "turn >= oldest && ", ""),
                new PlantedBug(
                        "the older token is void before the newer one arrived",
                        "core/session/TokenTurns.java",
                        "newest++;",
                        "newest++; oldest = newest;"),
                new PlantedBug(
                        "signals for a client that has just gone are dropped",
                        connection,
                        "frame.release();\n            if (origin != null) {",
                        "frame.release();\n            if (false) {"),
                new PlantedBug(
                        "who is away for good stays", "dialect/v1/LastingClient.java", "client.leave(last);", ""),
                new PlantedBug(
                        "what is too much is forgotten and the session goes on",
                        connection,
                        "closeAndEnd(SessionEnd.OVERFLOW, CloseCode.SLOW_CONSUMER);",
                        "outbox.forget(outbox.next() - 1);"),
                new PlantedBug(
                        "the welcome of a client that comes back acknowledges nothing",
                        "dialect/v1/ClientAdmission.java",
                        "client.client().received()));",
                        "0));"),
                new PlantedBug(
                        "who is put out while away comes back",
                        connection,
                        "SessionEnd why = terms.ends().apply(code);\n        if (why != null) {",
                        "SessionEnd why = terms.ends().apply(code);\n        if (why != null && socket != null) {"),
                new PlantedBug(
                        "what was missed comes before the welcome",
                        connection,
                        "sendTransient(welcome.apply(turns.newest()));\n        missed ="
                                + " MissedFrames.of(outbox.list());",
                        "Frame first = welcome.apply(turns.newest()); missed = MissedFrames.of(outbox.list());"
                                + " resend(); sendTransient(first);"),
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
                        "core/session/Session.java",
                        "lasting.reportMissed(signal.origin());",
                        ""),
                new PlantedBug(
                        "who comes back on another loop may be heard before it is let in",
                        "dialect/v1/ClientAdmission.java",
                        "on(connection.loop(), () -> conversation.enter(welcomed(client)));",
                        "connection.loop().schedule(Duration.ZERO, () -> on(connection.loop(), () ->"
                                + " conversation.enter(welcomed(client))));"),
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
                        connection,
                        "now.probe(patience, () -> socketProbed(probe));",
                        "now.probe(patience, () -> { if (socket != now) { end(SessionEnd.REPLACED, new "
                                + "ConnectionEnding.Lost(\"\")); }"
                                + " probe.answer(); });"),
                new PlantedBug(
                        "a socket that breaks while it is probed leaves no time to resume",
                        connection,
                        "if (socket == null) {\n            awaitResume(probe);",
                        "if (socket == null) { end(SessionEnd.REPLACED, new ConnectionEnding.Lost(\"\"));"),
                new PlantedBug(
                        "a resume is no answer to a probe",
                        connection,
                        "answerProbes();\n        waitUntilWritable();",
                        "waitUntilWritable();"),
                new PlantedBug(
                        "a session that ends while it waits stays counted as away",
                        connection,
                        "end = how;\n        releaseMissed();\n        closeWindow();",
                        "end = how;\n        releaseMissed();"),
                new PlantedBug(
                        "a peer that was announced as away is not back when another tab enters",
                        room,
                        "member.entered(isFirst);\n        reviewAbsence(member);",
                        "member.entered(isFirst);"),
                new PlantedBug(
                        "a peer is not announced as away when the tab that was present leaves",
                        room,
                        "} else {\n                reviewAbsence(member);",
                        "} else {"),
                new PlantedBug(
                        "a peer of whom one tab is lost is announced as away",
                        absentPeers,
                        "away.remove(id(members[i]));",
                        ""),
                new PlantedBug("a peer that has left is announced as back", room, "absentPeers.forget(peer);", ""),
                new PlantedBug(
                        "a newcomer does not learn who is away",
                        room,
                        "absentPeers.announceAll(member, notifier(null));",
                        ""));
    }
}
