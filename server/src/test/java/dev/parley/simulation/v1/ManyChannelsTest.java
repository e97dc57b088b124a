// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.core.port.Dialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManyChannelsTest {

    private static final int CHANNELS = 100;
    private static final int PEERS = 90; // with ids of 128 characters: 13 kB a roster, 1.3 MB all of them

    private final TestServer server =
            TestServer.with().clock(InstantSource.system()).build(new SimulatedFrames());
    private final V1Dialect dialect = server.v1();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> heard = new ArrayList<>();
    private int connections;

    @Test
    void whoComesToManyFullChannelsAtOnceGetsAllRostersThoughTogetherTheyExceedWhatMayBeUnderWay() {
        for (int peer = 0; peer < PEERS; peer++) {
            subscribeToAll(connect("%0128d".formatted(peer), (client, frame) -> {}));
        }
        SimulatedConnection newcomer = connect("newcomer", (client, frame) -> heard.add(frame));
        heard.clear();
        subscribeToAll(newcomer);

        assertThat(heard).filteredOn(frame -> frame.contains("presence")).hasSize(CHANNELS);
        assertThat(newcomer.isOpen()).isTrue();
        assertThat(heard.stream().mapToInt(String::length).sum())
                .isGreaterThan(ClientLimits.defaults().connection().outboundBytes());
    }

    private SimulatedConnection connect(String peer, SimulatedConnection.Reader reader) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, reader);
        if (dialect.receive(Requests.get("/v1", "key=red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        rest();
        return connection;
    }

    private void subscribeToAll(SimulatedConnection connection) {
        for (int channel = 0; channel < CHANNELS; channel++) {
            connection.conversation().text(TextPayload.of("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}"));
        }
        rest();
    }

    private void rest() {
        for (int i = 0; i < 2; i++) {
            while (!loop.isIdle()) {
                loop.runNext();
            }
            loop.advance(Duration.ofMillis(20));
        }
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
