// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Dialect;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Throttle;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Cast;
import dev.parley.simulation.OpenResumeTokens;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.SettingsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The socket a client came back with lives on another loop than its session. */
class OtherLoopTest {

    private static final int ALLOWED = 3;

    private final V1Dialect dialect = new V1Dialect(
            new SimulatedFrames(),
            new Cast(),
            Throttle.NONE,
            Observer.NONE,
            IceServers.NONE,
            new OpenResumeTokens("epoch"),
            InstantSource.fixed(Instant.EPOCH),
            new SettingsBuilder()
                    .limits(new LimitsBuilder()
                            .messagesPerSecond(1)
                            .messagesBurst(ALLOWED)
                            .build())
                    .build(),
            Terms.memory());
    private final SimulatedLoop home = new SimulatedLoop();
    private final SimulatedLoop other = new SimulatedLoop();
    private final List<String> heard = new ArrayList<>();

    @Test
    void whatASocketBringsBehindARequestThatWasTooManyIsNotHeardEither() {
        connect(1, "", home);
        SimulatedConnection socket = connect(2, ", resume.epoch_1_1_alice_" + holder() + ".0", other);
        for (int i = 1; i <= ALLOWED + 1; i++) {
            say(socket, i);
        }
        while (!home.isIdle()) {
            home.runNext(); // the socket's own loop is behind, and has not closed it yet
        }
        home.advance(Duration.ofSeconds(1)); // one more is allowed by now
        say(socket, ALLOWED + 2);
        run();

        assertThat(socket.isOpen()).isFalse();
        heard.clear();
        connect(3, ", resume.epoch_1_2_alice_" + holder() + ".0", home);
        assertThat(heard.getFirst()).contains("\"resumed\":true").endsWith("\"received\":" + ALLOWED + "}");
    }

    private static String holder() {
        return Integer.toHexString("red key red.alice".hashCode());
    }

    private SimulatedConnection connect(long id, String resume, SimulatedLoop loop) {
        SimulatedConnection connection = new SimulatedConnection(id, loop, (client, frame) -> heard.add(frame));
        if (dialect.receive(Requests.offering("parley.v1, key.red.alice" + resume))
                instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
        return connection;
    }

    private static void say(SimulatedConnection connection, int sequence) {
        connection
                .conversation()
                .text(TextPayload.of("{\"seq\":" + sequence + ",\"type\":\"unsubscribe\",\"channel\":\"stage\"}"));
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
