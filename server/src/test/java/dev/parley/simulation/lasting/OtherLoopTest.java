// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frame;
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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The socket a client came back with lives on another loop than its session. */
class OtherLoopTest {

    private static final int ALLOWED = 3;
    private static final int SAID = 10;

    /** Frames that a client missed, far more than fit into what may be posted to the loop of its socket. */
    private static final int MISSED = 1_000;

    /** Frames that a slow socket takes at a time. */
    private static final int TAKEN = 20;

    private final V1Dialect dialect = dialect(
            new LimitsBuilder().messagesPerSecond(1).messagesBurst(ALLOWED).build());
    private final V1Dialect unpaced = dialect(new LimitsBuilder().unpaced().build());
    private final SimulatedLoop home = new SimulatedLoop();
    private final SimulatedLoop other = new SimulatedLoop();
    private final List<String> heard = new ArrayList<>();

    private static V1Dialect dialect(ClientLimits limits) {
        return TestServer.with()
                .settings(new SettingsBuilder().limits(limits).build())
                .build(new SimulatedFrames())
                .v1();
    }

    @Test
    void whatASocketBringsBehindARequestThatWasTooManyWaitsForItsTurn() {
        SimulatedConnection socket = resumedElsewhere(dialect);
        for (int i = 1; i <= SAID; i++) {
            say(socket, i, "");
        }
        run();

        assertThat(acks()).isBetween(ALLOWED, ALLOWED + 2);
        assertThat(socket.isReadingPaused()).isTrue();
        for (int second = 0; second < SAID; second++) {
            home.advance(Duration.ofSeconds(1));
            run();
        }
        assertThat(acks()).isEqualTo(SAID);
        assertThat(socket.isReadingPaused()).isFalse();
        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    void holdsOutliveTheSocket() {
        SimulatedConnection socket = resumedElsewhere(dialect);
        for (int i = 1; i <= SAID; i++) {
            say(socket, i, "");
        }
        run();
        int handled = acks();

        SimulatedConnection next = connect(dialect, 3, resume(2), home);
        assertThat(next.isReadingPaused()).isTrue();
        assertThat(heard)
                .anyMatch(
                        frame -> frame.contains("\"resumed\":true") && frame.endsWith("\"received\":" + handled + "}"));
        heard.clear();
        say(next, handled + 1, "");
        run();
        assertThat(acks()).isZero();
        home.advance(Duration.ofSeconds(2));
        run();
        assertThat(next.isReadingPaused()).isFalse();
        assertThat(acks()).isEqualTo(1);
    }

    @Test
    void aSocketThatBringsMoreThanItsSessionHandlesIsPausedAndReadAgain() {
        SimulatedConnection socket = resumedElsewhere(unpaced);
        String filler = "x".repeat(1_000);
        int said = 0;
        while (!socket.isReadingPaused() && said < 1_000) {
            say(socket, ++said, filler);
        }

        assertThat(said).isBetween(40, 70);
        assertThat(acks()).isZero();
        run();
        assertThat(acks()).isEqualTo(said);
        assertThat(socket.isReadingPaused()).isFalse();
    }

    @Test
    void whatWasMissedIsSentAgainAsTheSocketTakesItAndInOrder() {
        for (SimulatedLoop loop : List.of(home, other)) {
            heard.clear();
            V1Dialect at = dialect(new LimitsBuilder().unpaced().build());
            SimulatedConnection first = connect(at, 1, "", home);
            for (int i = 1; i <= MISSED; i++) {
                say(first, i, "");
            }
            run();
            heard.clear();

            SlowSocket slow = new SlowSocket(loop);
            open(at, slow, resume(1));
            say(slow, MISSED + 1, "");
            run();
            assertThat(heard).hasSizeLessThan(MISSED / 2);

            while (slow.isAsked()) {
                slow.takeMore();
                run();
            }
            assertThat(acks()).isEqualTo(MISSED + 1);
            assertThat(heard.stream().filter(it -> it.contains("\"ack\"")).map(OtherLoopTest::number))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    /** A socket that takes a few frames at a time. */
    private final class SlowSocket extends SimulatedConnection {

        private final List<Runnable> waiting = new ArrayList<>();
        private int room = TAKEN;

        SlowSocket(SimulatedLoop loop) {
            super(2, loop, (client, frame) -> heard.add(frame));
        }

        @Override
        public void send(Frame frame) {
            room--;
            super.send(frame);
        }

        @Override
        public boolean isWritable() {
            return room > 0;
        }

        @Override
        public void whenWritable(Runnable task) {
            if (isWritable()) {
                super.whenWritable(task);
            } else {
                waiting.add(task);
            }
        }

        boolean isAsked() {
            return !waiting.isEmpty();
        }

        void takeMore() {
            room = TAKEN;
            List<Runnable> tasks = List.copyOf(waiting);
            waiting.clear();
            tasks.forEach(loop()::post);
        }
    }

    private static int number(String frame) {
        Matcher matcher = Pattern.compile("\"seq\":(\\d+)").matcher(frame);
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private SimulatedConnection resumedElsewhere(V1Dialect at) {
        connect(at, 1, "", home);
        SimulatedConnection socket = connect(at, 2, resume(1), other);
        heard.clear();
        return socket;
    }

    private static String resume(int turn) {
        return ", resume.epoch_1_" + turn + "_alice_" + holder() + ".0";
    }

    private int acks() {
        return (int) heard.stream().filter(frame -> frame.contains("\"ack\"")).count();
    }

    private static String holder() {
        return Integer.toHexString("red key red.alice".hashCode());
    }

    private SimulatedConnection connect(V1Dialect at, long id, String resume, SimulatedLoop loop) {
        SimulatedConnection connection = new SimulatedConnection(id, loop, (client, frame) -> heard.add(frame));
        open(at, connection, resume);
        return connection;
    }

    private void open(V1Dialect at, SimulatedConnection connection, String resume) {
        if (at.receive(Requests.offering("parley.v1, key.red.alice" + resume)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        run();
    }

    private static void say(SimulatedConnection connection, int sequence, String filler) {
        connection
                .conversation()
                .text(TextPayload.of("{\"seq\":" + sequence
                        + ",\"type\":\"unsubscribe\",\"requestId\":\"r\",\"channel\":\"stage\",\"filler\":\"" + filler
                        + "\"}"));
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
