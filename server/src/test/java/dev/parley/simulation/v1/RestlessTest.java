// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.PresenceSettings;
import dev.parley.core.port.Dialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import dev.parley.wire.SettingsBuilder;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What one restless client costs a crowd. */
class RestlessTest {

    private static final int MEMBERS = 500;
    private static final int ROUNDS = 500;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final SimulatedLoop loop = new SimulatedLoop();
    private long bytesOut;
    private long presenceFrames;
    private long connections;

    @Test
    void whoComesAndGoesAHundredTimesASecondMakesFarFewerBytesThanOnePerMemberForEachItSends() {
        long bytesIn = comeAndGo(new PresenceSettings(Duration.ZERO, PATIENCE, Duration.ofMillis(50)));

        System.err.printf("%.1f bytes out for each in, of %d members%n", (double) bytesOut / bytesIn, MEMBERS);
        assertThat(bytesOut).isLessThan(bytesIn * MEMBERS * 12 / 10);
        assertThat(presenceFrames)
                .as("two a window for each")
                .isLessThan(2L * MEMBERS * (ROUNDS * 10 / 50 + 1) + ROUNDS);
    }

    @Test
    void withWindowsItMakesAFractionOfTheFramesItMakesWithout() {
        comeAndGo(new PresenceSettings(Duration.ZERO, PATIENCE, Duration.ofMillis(50)));
        long windowed = presenceFrames;
        comeAndGo(new PresenceSettings(Duration.ZERO, PATIENCE, Duration.ZERO));

        assertThat(windowed).isLessThan(presenceFrames / 2);
    }

    /** Returns the bytes it sent. */
    private long comeAndGo(PresenceSettings presence) {
        V1Dialect dialect = TestServer.with()
                .clock(InstantSource.system())
                .settings(new SettingsBuilder().presence(presence).build())
                .build(new SimulatedFrames())
                .v1();
        for (int i = 0; i < MEMBERS; i++) {
            say(connect(dialect, "member-" + i), "subscribe");
        }
        SimulatedConnection restless = connect(dialect, "restless");
        pass(Duration.ofSeconds(1));
        bytesOut = 0;
        presenceFrames = 0;
        long bytesIn = 0;
        for (int i = 0; i < ROUNDS; i++) {
            bytesIn += say(restless, "subscribe");
            pass(Duration.ofMillis(5));
            bytesIn += say(restless, "unsubscribe");
            pass(Duration.ofMillis(5));
        }
        return bytesIn;
    }

    private SimulatedConnection connect(V1Dialect dialect, String peer) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {
            bytesOut += frame.length() - "text ".length();
            presenceFrames += frame.contains("\"presence\"") ? 1 : 0;
        });
        if (dialect.receive(Requests.get("/v1", "key=red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
        return connection;
    }

    private long say(SimulatedConnection connection, String type) {
        String text = "{\"type\":\"" + type + "\",\"requestId\":\"1\",\"channel\":\"lobby\"}";
        connection.conversation().text(TextPayload.of(text));
        run();
        return text.length();
    }

    private void pass(Duration time) {
        loop.advance(time);
        run();
    }

    private void run() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
