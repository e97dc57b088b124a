// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

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
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Comparisons of names with patterns are paid for in messages, by the client that causes them. */
class PatternPaceTest {

    /** Messages that a client may send at once, and what it draws at a time. */
    private static final int BURST = 1_000;

    private static final int PART = 10;

    private static final int PATTERNS = 100;
    private static final String NAME = "a".repeat(200);

    /** What one comparison of a name of this length with such a pattern costs, in messages. */
    private static final double COST = 200 * 4 / 2048.0;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final V1Dialect dialect = TestServer.with()
            .clock(InstantSource.system())
            .settings(new SettingsBuilder()
                    .limits(new LimitsBuilder().messagesPerSecondPerIp(0).build())
                    .build())
            .build(new SimulatedFrames())
            .v1();
    private int connections;

    @Test
    void aPublisherToManyNamesPaysForTheComparisonsItCauses() {
        subscribeToPatterns();
        SimulatedConnection publisher = connect("publisher");
        int sent = 0;
        while (!publisher.isReadingPaused() && sent < 2 * BURST) {
            publish(publisher, NAME + sent++);
        }
        int expected = (int) (BURST / (1 + PATTERNS * COST));
        assertThat(sent).isBetween(expected * 9 / 10, (int) ((BURST + PART) / (1 + PATTERNS * COST)) + 5);
    }

    @Test
    void aPublisherToOneNamePaysOnceWhateverPatternsOthersAddAndRemove() {
        subscribeToPatterns();
        SimulatedConnection publisher = connect("publisher");
        SimulatedConnection stranger = connect("stranger");
        String pattern = "*a".repeat(100) + "b";
        int sent = 0;
        while (!publisher.isReadingPaused() && sent < 2 * BURST) {
            if (sent % 4 == 0 && !stranger.isReadingPaused()) {
                say(stranger, sent % 8 == 0 ? "subscribe" : "unsubscribe", pattern);
            }
            publish(publisher, NAME);
            sent++;
        }
        assertThat(sent).isGreaterThan((int) (BURST - PATTERNS * COST) - PART);
    }

    @Test
    void aClientThatAddsAndRemovesAPatternPaysForWhatItIsComparedWith() {
        int publishers = 50;
        SimulatedConnection[] members = new SimulatedConnection[publishers];
        SimulatedConnection restless = connect("restless");
        String pattern = "*a".repeat(100) + "b";
        for (int i = 0; i < publishers; i++) {
            members[i] = connect("member-" + i);
            say(members[i], "subscribe", NAME + i);
        }
        say(restless, "subscribe", "*x");
        publishAll(members);
        int toggled = 0;
        while (!restless.isReadingPaused() && toggled < BURST) {
            say(restless, "subscribe", pattern);
            publishAll(members);
            say(restless, "unsubscribe", pattern);
            toggled++;
        }
        int expected = (int) (BURST / (2 + publishers * COST));
        assertThat(toggled).isBetween(expected * 9 / 10, expected * 11 / 10);
    }

    /** New connections of the same peer find the debt of those before, which sent less than what is free. */
    @Test
    void aDebtForPatternsOutlivesTheConnection() {
        int publishers = 100;
        SimulatedConnection[] members = new SimulatedConnection[publishers];
        for (int i = 0; i < publishers; i++) {
            members[i] = connect("member-" + i);
            say(members[i], "subscribe", NAME + i);
        }
        say(connect("other"), "subscribe", "*x");
        publishAll(members);
        for (int i = 0; i < 2 * BURST / (publishers * COST); i++) {
            SimulatedConnection passing = connect("passing");
            say(passing, "subscribe", "*a".repeat(100) + i);
            publishAll(members);
            passing.end(new ConnectionEnding.Lost("gone"));
            run();
        }
        SimulatedConnection last = connect("passing");
        for (int i = 0; i < 3; i++) {
            publish(last, "any");
        }
        assertThat(last.isReadingPaused()).isTrue();
    }

    private void subscribeToPatterns() {
        SimulatedConnection subscriber = connect("subscriber");
        for (int i = 0; i < PATTERNS; i++) {
            say(subscriber, "subscribe", "*a".repeat(100) + "b" + i);
        }
    }

    private void publishAll(SimulatedConnection[] members) {
        for (int i = 0; i < members.length; i++) {
            publish(members[i], NAME + i);
        }
    }

    private SimulatedConnection connect(String peer) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {});
        if (dialect.receive(Requests.get("/v1", "key=red." + peer)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
        return connection;
    }

    private void publish(SimulatedConnection connection, String channel) {
        say(connection, "publish", channel);
    }

    private void say(SimulatedConnection connection, String type, String channel) {
        String text = "{\"type\":\"" + type + "\",\"requestId\":\"1\",\"channel\":\"" + channel + "\",\"data\":1}";
        connection.conversation().text(TextPayload.of(text));
        run();
    }

    private void run() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
