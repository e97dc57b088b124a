// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.access.FairShares;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Payload;
import dev.parley.core.session.AppDeliveries;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A signal for many waits while the server is busy delivering such signals. Two are many here. */
class WaitingSignalTest {

    private static final int HEAP_BYTES = 64 << 10;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final SimulatedFrames frames = new SimulatedFrames();
    private final DeliveryTurns turns = Terms.twoAreMany();
    private final FairShares heap = new FairShares(HEAP_BYTES);
    private final V1Dialect dialect =
            TestServer.with().deliveries(turns).heap(heap).build(frames).v1();

    /** What another app is having delivered. */
    private final AppDeliveries others = turns.ofApp();

    private final List<String> read = new ArrayList<>();
    private int connections;
    private final SimulatedConnection alice = connect("alice");

    WaitingSignalTest() {
        for (String peer : List.of("bob", "carol")) {
            say(connect(peer), "{\"type\":\"subscribe\",\"channel\":\"lobby\"}");
        }
        read.clear();
        others.begin(1, 1);
    }

    @Test
    void aSignalForManyIsDeliveredAndAcknowledgedWhenItsTurnHasCome() {
        publish("x", ",\"requestId\":\"r\"");
        assertThat(read).isEmpty();

        giveTurns();
        assertThat(read).hasSize(3).filteredOn(it -> it.contains("\"x\"")).hasSize(2);
        assertThat(read).filteredOn(it -> it.contains("ack")).hasSize(1);
    }

    @Test
    void whatItsSenderDoesLaterComesBehindIt() {
        publish("first", "");
        say(alice, "{\"type\":\"send\",\"to\":\"bob\",\"data\":\"second\"}");
        assertThat(read).isEmpty();

        giveTurns();
        assertThat(read).hasSize(3);
        assertThat(read.subList(0, 2)).allMatch(it -> it.contains("first"));
        assertThat(read.get(2)).contains("second");
    }

    @Test
    void aSignalForOneWaitsForNobody() {
        say(alice, "{\"type\":\"send\",\"to\":\"bob\",\"data\":\"x\"}");

        assertThat(read).hasSize(1);
    }

    @Test
    void aSignalToOnePeerWithManyConnectionsWaitsToo() {
        connect("bob");
        read.clear();
        say(alice, "{\"type\":\"send\",\"to\":\"bob\",\"data\":\"x\"}");
        assertThat(read).isEmpty();

        giveTurns();
        assertThat(read).hasSize(2);
    }

    @Test
    void itIsKeptWhateverIsReadMeanwhile() {
        byte[] borrowed = "{\"type\":\"publish\",\"channel\":\"lobby\",\"data\":\"x\"}".getBytes(UTF_8);
        alice.conversation().text(Payload.of(borrowed));
        Arrays.fill(borrowed, (byte) ' ');

        giveTurns();
        assertThat(read).hasSize(2).allMatch(it -> it.contains("\"x\""));
    }

    @Test
    void itIsNotDeliveredOnceItsSenderIsGone() {
        long before = heap.total();
        publish("x", "");
        alice.end(new ConnectionEnding.Lost("gone"));
        run();
        giveTurns();

        assertThat(read).noneMatch(it -> it.contains("\"x\""));
        assertThat(heap.total()).isLessThan(before);
        assertThat(frames.live()).isZero();
    }

    @Test
    void itsSenderIsToldIfThereIsNoMemoryForIt() {
        publish("x".repeat(HEAP_BYTES - 5_000), ",\"requestId\":\"r\"");

        assertThat(read).hasSize(1).first().asString().contains("\"r\"", "receiver_busy");
        assertThat(alice.isReadingPaused()).isFalse();
    }

    private void publish(String data, String more) {
        say(alice, "{\"type\":\"publish\",\"channel\":\"lobby\",\"data\":\"" + data + "\"" + more + "}");
    }

    /** What the other app had delivered is done. */
    private void giveTurns() {
        others.end(1, 1);
        run();
    }

    private SimulatedConnection connect(String peer) {
        SimulatedConnection connection =
                new SimulatedConnection(++connections, loop, (client, frame) -> read.add(peer + " " + frame));
        if (dialect.receive(Requests.get("/v1", "key=red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
        return connection;
    }

    private void say(SimulatedConnection connection, String message) {
        connection.conversation().text(TextPayload.of(message));
        run();
    }

    private void run() {
        do {
            while (!loop.isIdle()) {
                loop.runNext();
            }
            loop.advance(Duration.ofMillis(100));
        } while (!loop.isIdle());
    }
}
