// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.access.FairShares;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.RequestHeaders;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What connections and subscriptions may take of the heap: docs/configuration.md, "Memory". */
class ConnectionMemoryTest {

    private static final String HOSTILE = "192.0.2.1";
    private static final String INNOCENT = "192.0.2.2";

    private final FairShares heap = new FairShares(100 << 10);
    private final TestServer server =
            TestServer.with().clock(InstantSource.system()).heap(heap).build(new SimulatedFrames());
    private final V1Dialect dialect = server.v1();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @Test
    void whoFillsTheHeapWithSubscriptionsIsRefusedAndOthersAreNot() {
        SimulatedConnection hostile = connect(HOSTILE);
        subscribe(hostile, 100);

        assertThat(heard).anyMatch(frame -> frame.contains("channel_limit_exceeded"));
        assertThat(heap.total()).isLessThanOrEqualTo(heap.limit() / 2);
        heard.clear();
        subscribe(connect(INNOCENT), 20);
        assertThat(heard).noneMatch(frame -> frame.contains("error"));
    }

    @Test
    void whoFillsTheHeapWithConnectionsIsRefusedAndOthersAreNot() {
        for (int i = 0; i < 100; i++) {
            connect(HOSTILE);
        }

        assertThat(connections).filteredOn(SimulatedConnection::isOpen).hasSizeBetween(10, 12);
        assertThat(connect(INNOCENT).isOpen()).isTrue();
    }

    @Test
    void whatAConnectionTookIsGivenBack() {
        SimulatedConnection leaving = connect(HOSTILE);
        subscribe(leaving, 100);
        SimulatedConnection staying = connect(HOSTILE);
        long before = heap.total();
        subscribe(staying, 3);
        staying.conversation().text(TextPayload.of("{\"type\":\"unsubscribe\",\"channel\":\"0\"}"));
        staying.conversation().text(TextPayload.of("{\"type\":\"unsubscribe\",\"channel\":\"0\"}"));
        staying.conversation().text(TextPayload.of("{\"type\":\"unsubscribe\",\"channel\":\"1\"}"));
        staying.conversation().text(TextPayload.of("{\"type\":\"unsubscribe\",\"channel\":\"2\"}"));
        rest();

        assertThat(heap.total()).isEqualTo(before);
        connections.forEach(connection -> connection.end(new ConnectionEnding.Lost("test")));
        rest();
        assertThat(heap.total()).isZero();
    }

    private SimulatedConnection connect(String address) {
        int id = connections.size() + 1;
        SimulatedConnection connection = new SimulatedConnection(id, loop, (client, frame) -> heard.add(frame));
        connections.add(connection);
        ClientRequest request =
                new ClientRequest("GET", "/v1", "key=red.peer-" + id, RequestHeaders.NONE, address(address));
        if (dialect.receive(request) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        rest();
        return connection;
    }

    private void subscribe(SimulatedConnection connection, int channels) {
        for (int channel = 0; channel < channels; channel++) {
            connection.conversation().text(TextPayload.of("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}"));
        }
        rest();
    }

    private void rest() {
        for (int i = 0; i < 3; i++) {
            while (!loop.isIdle()) {
                loop.runNext();
            }
            loop.advance(Duration.ofMillis(20));
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
