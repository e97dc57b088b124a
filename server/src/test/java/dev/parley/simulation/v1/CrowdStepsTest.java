// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdStepsTest {

    private static final int CROWD = 100;

    private final TestServer server =
            TestServer.with().clock(InstantSource.system()).build(new SimulatedFrames());
    private final V1Dialect dialect = server.v1();
    private final Deque<Runnable> deferred = new ArrayDeque<>();
    private final SimulatedLoop loop = new SimulatedLoop() {
        @Override
        public void defer(Runnable task) {
            deferred.add(task);
        }
    };
    private final List<String> rosters = new ArrayList<>();

    @Test
    void aCrowdWhoseWaitingEndsAtOneMomentEntersOneByOneInDeferredWork() {
        for (int peer = 0; peer < CROWD; peer++) {
            subscribe(connect("peer" + peer), "channel" + peer);
        }
        run();
        loop.advance(Duration.ofSeconds(1));
        run();

        assertThat(rosters).isEmpty();
        for (int entered = 1; entered <= CROWD; entered++) {
            deferred.removeFirst().run();
            run();
            assertThat(rosters).hasSize(entered);
        }
    }

    private SimulatedConnection connect(String peer) {
        SimulatedConnection connection = new SimulatedConnection(peer.hashCode(), loop, (client, frame) -> {
            if (frame.contains("presence")) {
                rosters.add(frame);
            }
        });
        if (dialect.receive(Requests.get("/v1", "key=red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        return connection;
    }

    private void subscribe(SimulatedConnection connection, String channel) {
        run(); // it is let in
        connection.conversation().text(TextPayload.of("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}"));
    }

    private void run() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
