// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.SettingsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another connection of the same peer has opened, and the session is asked for a sign of life when its socket changes.
 */
class ProbedSessionTest {

    private static final Duration ALMOST = Duration.ofMillis(900);
    private static final Duration REST = Duration.ofMillis(200);

    private final TestServer server = TestServer.with()
            .settings(new SettingsBuilder()
                    .limits(new LimitsBuilder()
                            .messagesPerSecond(1)
                            .messagesBurst(2)
                            .build())
                    .build())
            .build(new SimulatedFrames());
    private final V1Dialect dialect = server.v1();
    private final SimulatedLoop home = new SimulatedLoop();
    private final SimulatedLoop other = new SimulatedLoop();
    private final Map<Long, List<String>> heard = new HashMap<>();
    private final SimulatedConnection first = connect(1, "", home);
    private final SimulatedConnection newcomer = connect(2, "", home);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhenItsClientResumesAndTheNewcomerWaitsNoLonger(boolean isOnItsLoop) {
        say(newcomer, "{\"seq\":1,\"type\":\"subscribe\",\"channel\":\"stage\"}");
        pass(Duration.ZERO);
        assertThat(heard.get(2L)).noneMatch(frame -> frame.contains("presence"));

        SimulatedConnection second = resume(3, isOnItsLoop ? home : other);

        assertThat(heard.get(3L)).hasSize(1).first().asString().contains("\"resumed\":true");
        assertThat(heard.get(1L).getLast()).isEqualTo("close 4500 replaced");
        assertThat(heard.get(2L).getLast()).contains("presence");
        pass(ALMOST.plus(REST));
        assertThat(second.isOpen()).isTrue();
        assertThat(server.sessions().count()).isEqualTo(2);
        assertThat(server.sessions().away()).isZero();
    }

    @Test
    void hasTheRestOfTheTimeToResumeWhenItsSocketBreaks() {
        first.end(new ConnectionEnding.Lost("reset"));
        pass(ALMOST);
        SimulatedConnection second = resume(3, home);

        assertThat(heard.get(3L)).hasSize(1).first().asString().contains("\"resumed\":true");
        pass(REST);
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void isReplacedWhenItsSocketBreaksAndItsClientDoesNotResumeInTime() {
        first.end(new ConnectionEnding.Lost("reset"));
        pass(ALMOST.plus(REST));
        resume(3, home);

        assertThat(heard.get(3L).getFirst()).contains("\"reason\":\"replaced\"");
        assertThat(server.sessions().away()).isZero();
    }

    @Test
    void isReplacedWhenItsSocketFallsSilent() {
        pass(ALMOST);
        assertThat(server.sessions().count()).isEqualTo(2);
        pass(REST);
        pass(Duration.ZERO); // what the end of its patience makes due

        assertThat(heard.get(1L).getLast()).isEqualTo("close 1008 no pong");
        assertThat(server.sessions().count()).isEqualTo(1);
        assertThat(server.sessions().away()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isWaitedForLikeAnyOtherWhenItsSocketIsClosedForASequenceGap(boolean isResumed) {
        say(first, "{\"seq\":9,\"type\":\"unsubscribe\",\"channel\":\"stage\"}");
        run();
        assertThat(heard.get(1L).getLast()).startsWith("close 1008");
        assertThat(server.sessions().away()).isEqualTo(1);

        if (isResumed) {
            resume(3, home);
            assertThat(heard.get(3L).getFirst()).contains("\"resumed\":true");
        } else {
            pass(ALMOST.plus(REST));
            assertThat(server.sessions().count()).isEqualTo(1);
        }
        assertThat(server.sessions().away()).isZero();
    }

    private SimulatedConnection resume(long id, SimulatedLoop loop) {
        String holder = Integer.toHexString("red key red.alice".hashCode());
        return connect(id, ", resume.epoch_1_1_alice_" + holder + ".0", loop);
    }

    private SimulatedConnection connect(long id, String resume, SimulatedLoop loop) {
        heard.put(id, new ArrayList<>());
        SimulatedConnection connection = new SimulatedConnection(
                id, loop, (client, frame) -> heard.get(client).add(frame));
        if (dialect.receive(Requests.offering("parley.v1, key.red.alice" + resume))
                instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
        return connection;
    }

    private static void say(SimulatedConnection connection, String text) {
        connection.conversation().text(TextPayload.of(text));
    }

    private void pass(Duration time) {
        home.advance(time);
        other.advance(time);
        run();
    }

    private void run() {
        while (!home.isIdle() || !other.isIdle()) {
            if (!home.isIdle()) {
                home.runNext();
            } else {
                other.runNext();
            }
        }
    }
}
