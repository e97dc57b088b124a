// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.session.MemoryBudget;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal is accepted for a session that ends before the signal gets to its loop. */
class LateSignalsTest {

    private final MemoryBudget memory = Terms.memory();
    private final TestServer server = TestServer.with().memory(memory).build(new SimulatedFrames());
    private final V1Dialect dialect = server.v1();
    private final SimulatedLoop here = new SimulatedLoop();
    private final SimulatedLoop there = new SimulatedLoop();
    private final List<String> heard = new ArrayList<>();
    private final SimulatedConnection sender = connect(1, "alice", here);
    private final SimulatedConnection receiver = connect(2, "bob", there);

    @ParameterizedTest
    @ValueSource(strings = {"\"type\":\"send\",\"to\":\"bob\"", "\"type\":\"publish\",\"channel\":\"stage\""})
    void itsSenderIsTold(String signal) {
        say(receiver, "{\"seq\":1,\"type\":\"subscribe\",\"channel\":\"stage\"}");
        run();
        heard.clear();

        server.app("red").peers().close("bob", CloseCode.ADMIN_DISCONNECT);
        say(sender, "{\"seq\":1,\"requestId\":\"r\"," + signal + ",\"data\":1}");
        run();

        assertThat(heard)
                .contains("text {\"seq\":1,\"type\":\"ack\",\"requestId\":\"r\"}")
                .contains("text {\"seq\":2,\"type\":\"undelivered\",\"to\":\"bob\",\"from\":1,\"through\":1,"
                        + "\"reason\":\"revoked\"}");
    }

    @Test
    void whatAPeerSaysToItselfIsNotReportedToWhoIsGone() {
        say(sender, "{\"seq\":1,\"type\":\"send\",\"to\":\"alice\",\"data\":1}");
        server.app("red").peers().close("alice", CloseCode.ADMIN_DISCONNECT);
        run();

        assertThat(heard).noneMatch(frame -> frame.contains("undelivered"));
        assertThat(memory.used()).isZero();
    }

    @Test
    void aClientThatIsLostWhileTheServerStopsIsNotWaitedForAndWhoSaidSomethingToItIsTold() {
        say(sender, "{\"seq\":1,\"type\":\"send\",\"to\":\"bob\",\"data\":1}");
        run();
        server.sessions().drain();
        run();
        assertThat(heard).noneMatch(frame -> frame.contains("undelivered"));

        receiver.end(new ConnectionEnding.Lost("reset"));
        run();

        assertThat(heard)
                .contains("text {\"seq\":1,\"type\":\"undelivered\",\"to\":\"bob\",\"from\":1,\"through\":1,"
                        + "\"reason\":\"going_away\"}");
    }

    @Test
    void whoSendsVeryMuchToAPeerThatIsAwayLeavesRoomForOthers() {
        receiver.end(new ConnectionEnding.Lost("reset"));
        run();
        SimulatedConnection friend = connect(3, "carol", here);
        for (int i = 1; i <= 600; i++) {
            say(sender, "{\"seq\":" + i + ",\"type\":\"send\",\"to\":\"bob\",\"data\":1}");
        }
        run();
        heard.clear();
        for (int i = 1; i <= 20; i++) {
            say(friend, "{\"seq\":" + i + ",\"requestId\":\"friend\",\"type\":\"send\",\"to\":\"bob\",\"data\":2}");
        }
        run();

        assertThat(heard)
                .filteredOn(frame -> frame.contains("\"friend\""))
                .hasSize(20)
                .allMatch(it -> it.contains("ack"));
        assertThat(heard).noneMatch(frame -> frame.contains("undelivered"));
    }

    private SimulatedConnection connect(long id, String peer, SimulatedLoop loop) {
        SimulatedConnection connection = new SimulatedConnection(id, loop, (client, frame) -> heard.add(frame));
        if (dialect.receive(Requests.offering("parley.v1, key.red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
        return connection;
    }

    private static void say(SimulatedConnection connection, String text) {
        connection.conversation().text(TextPayload.of(text));
    }

    private void run() {
        while (!here.isIdle() || !there.isIdle()) {
            if (!here.isIdle()) {
                here.runNext();
            } else {
                there.runNext();
            }
        }
    }
}
