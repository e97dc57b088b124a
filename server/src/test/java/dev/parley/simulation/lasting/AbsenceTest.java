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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer is away while all its tabs in the channel are, whichever of them changes. */
class AbsenceTest {

    private static final Duration ANNOUNCED = Duration.ofSeconds(3);
    private static final Duration STEP = Duration.ofMillis(50);

    private final TestServer server = TestServer.of(new SimulatedFrames());
    private final V1Dialect dialect = server.v1();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> told = new ArrayList<>();
    private long ids;

    /** In a crowded channel newcomers enter in batches. */
    @ParameterizedTest
    @ValueSource(ints = {0, 12})
    void anotherTabThatSubscribesBringsThePeerBackAndItsLeavingTakesItAway(int crowd) {
        SimulatedConnection witness = connect("witness");
        say(witness, 1, "subscribe");
        SimulatedConnection lost = connect("alice");
        SimulatedConnection present = connect("alice");
        say(lost, 1, "subscribe");
        lost.end(new ConnectionEnding.Lost("reset"));
        pass(ANNOUNCED);
        assertThat(told).containsExactly("reconnecting");

        for (int i = 0; i < crowd; i++) {
            begin(connect("guest-" + i), 1, "subscribe");
        }
        begin(present, 1, "subscribe");
        pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("reconnecting", "reconnected");

        say(present, 2, "unsubscribe");
        pass(Duration.ofSeconds(1));
        assertThat(told).containsExactly("reconnecting", "reconnected", "reconnecting");

        pass(Duration.ofMinutes(2)); // it is waited for no longer
        say(present, 3, "subscribe");
        pass(Duration.ofSeconds(1));
        assertThat(told).hasSize(3);
    }

    private SimulatedConnection connect(String peer) {
        SimulatedConnection connection = new SimulatedConnection(++ids, loop, (client, frame) -> note(peer, frame)) {
            @Override
            protected void pinged() {
                loop().post(this::pong);
            }
        };
        if (dialect.receive(Requests.offering("parley.v1, key.red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        pass(Duration.ZERO);
        return connection;
    }

    private void note(String peer, String frame) {
        if (peer.equals("witness") && frame.contains("\"peers\":[\"alice\"]")) {
            told.add(frame.contains("reconnecting") ? "reconnecting" : "reconnected");
        }
    }

    private void say(SimulatedConnection connection, int sequence, String type) {
        begin(connection, sequence, type);
        pass(Duration.ZERO);
    }

    private static void begin(SimulatedConnection connection, int sequence, String type) {
        connection
                .conversation()
                .text(TextPayload.of("{\"seq\":" + sequence + ",\"type\":\"" + type + "\",\"channel\":\"stage\"}"));
    }

    private void pass(Duration time) {
        run();
        for (long end = loop.now() + time.toNanos(); loop.now() < end; run()) {
            loop.advance(STEP);
        }
    }

    private void run() {
        loop.advance(Duration.ZERO);
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
