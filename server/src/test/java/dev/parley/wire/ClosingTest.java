// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.rawclient.RawClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways a connection ends, each with exactly one Close frame: docs/protocol.md, "Closing". */
class ClosingTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"1000,1000", "1001,1001", "1013,1013", "3000,3000", "4999,4999"})
    void aValidCloseIsAnsweredWithItsOwnNumberThenTheSocketEnds(int number, int answer) {
        try (RawClient client = joined()) {
            client.send(RawClient.closeFrame(number, "bye"));

            assertThat(client.read()).isEqualTo("close " + answer);
            assertThat(client.read()).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void anInvalidCloseNumberIsAnsweredWith1002(int number) {
        try (RawClient client = joined()) {
            client.send(RawClient.closeFrame(number, ""));

            assertThat(client.read()).isEqualTo("close 1002 invalid close code");
            assertThat(client.read()).isEqualTo("end");
        }
    }

    @Test
    void anEmptyCloseIsAnsweredWithAnEmptyOne() {
        try (RawClient client = joined()) {
            client.send(RawClient.frame(0x88, new byte[0]));

            assertThat(client.read()).isEqualTo("close");
            assertThat(client.read()).isEqualTo("end");
        }
    }

    @Test
    void aMessageOverTheLimitIsRefusedAtItsHeader() {
        try (RawClient client = joined()) {
            client.send(new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 1, 0x10, 1}); // announces 69,633 bytes

            assertThat(client.read()).isEqualTo("close 1009 message too big");
            assertThat(client.read()).isEqualTo("end");
        }
    }

    @Test
    void aClientInTheMiddleOfAHugeMessageStillReadsWhy() {
        try (RawClient client = joined()) {
            client.send(new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 0x40, 0, 0, 1, 2, 3, 4});
            client.send(new byte[1 << 20]);

            assertThat(client.read()).isEqualTo("close 1009 message too big");
        }
    }

    @Test
    void fragmentsTogetherAreHeldToTheSameLimit() {
        try (RawClient client = joined()) {
            client.send(RawClient.frame(0x02, new byte[40_000]));
            client.send(RawClient.frame(0x80, new byte[29_633]));

            assertThat(client.read()).isEqualTo("close 1009 message too big");
        }
    }

    @Test
    void sixtyFourFragmentsPassAndSixtyFiveDoNot() {
        try (Pair pair = Pair.in(server, "/minimal/fragments")) {
            fragments(pair.first(), 64, true);
            assertThat(pair.second().read()).isEqualTo("text " + "x".repeat(64));

            fragments(pair.first(), 64, false);
            pair.first().send(RawClient.frame(0x80, new byte[0]));
            assertThat(pair.first().read()).isEqualTo("close 1008 too many fragments");
        }
    }

    @Test
    void aFloodOfPingsIsEndedWith1008() {
        try (RawClient client = joined()) {
            for (int i = 0; i < 150; i++) {
                client.send(RawClient.frame(0x89, new byte[0]));
            }

            String answer = client.read();
            while (answer.startsWith("pong")) {
                answer = client.read();
            }
            assertThat(answer).isEqualTo("close 1008 too many control frames");
        }
    }

    @Test
    void aPingIsAnsweredWithItsOwnBytesAlsoInsideAMessage() {
        try (Pair pair = Pair.in(server, "/minimal/ping")) {
            pair.first().send(RawClient.frame(0x01, "hel".getBytes(StandardCharsets.UTF_8)));
            pair.first().send(RawClient.frame(0x89, "mark".getBytes(StandardCharsets.UTF_8)));
            pair.first().send(RawClient.frame(0x80, "lo".getBytes(StandardCharsets.UTF_8)));

            assertThat(pair.first().read()).isEqualTo("pong mark");
            assertThat(pair.second().read()).isEqualTo("text hello");
        }
    }

    @Test
    void aMessageThatNeverEndsIsEndedWith1008() {
        ClientLimits limits =
                new LimitsBuilder().messageTime(Duration.ofMillis(300)).build();
        try (TestServer impatient = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient client = impatient.open("/")) {
            client.read();
            client.send(RawClient.frame(0x01, new byte[] {'x'}));

            assertThat(client.read()).isEqualTo("close 1008 message took too long");
        }
    }

    @Test
    void messagesThatEachBeginWithTheEndOfTheLastHaveATimeEach() {
        ClientLimits limits =
                new LimitsBuilder().messageTime(Duration.ofMillis(600)).build();
        try (TestServer impatient = TestServer.start(limits, KeepaliveSettings.defaults());
                Pair pair = Pair.in(impatient, "/")) {
            byte[] frame = RawClient.frame(0x81, new byte[] {'x'});
            byte[] two =
                    ByteBuffer.allocate(2 * frame.length).put(frame).put(frame).array();
            byte[] endAndBeginning = Arrays.copyOfRange(two, 3, frame.length + 3);
            pair.first().send(Arrays.copyOf(frame, 3));
            for (int i = 0; i < 10; i++) {
                assertThat(pair.first().isQuietFor(Duration.ofMillis(150))).isTrue();
                pair.first().send(endAndBeginning);
                assertThat(pair.second().read()).isEqualTo("text x");
            }
        }
    }

    @Test
    void aFrameThatNeverEndsIsEndedWith1008EvenIfItDripsOn() {
        ClientLimits limits =
                new LimitsBuilder().messageTime(Duration.ofMillis(300)).build();
        try (TestServer impatient = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient client = impatient.open("/")) {
            client.read();
            client.drip(RawClient.frame(0x81, new byte[100]), Duration.ofMillis(50));

            assertThat(client.read()).isEqualTo("close 1008 message took too long");
        }
    }

    @Test
    void aStoppingServerTellsEveryoneAndWaitsForTheirAnswer() throws InterruptedException {
        TestServer stopping = TestServer.start();
        try (RawClient client = stopping.open("/")) {
            client.read();
            Thread stop = Thread.ofVirtual().start(stopping::close);

            assertThat(client.read()).isEqualTo("close 1001 going away");
            client.send(RawClient.closeFrame(1001, ""));
            assertThat(client.read()).isEqualTo("end");
            stop.join();
        }
    }

    private static RawClient joined() {
        return Pair.joinOnceThereIsRoom(
                server.port(), "/minimal/closing", "text {\"type\":\"welcome\",\"polite\":false}");
    }

    private static void fragments(RawClient client, int count, boolean isEnded) {
        byte[] x = {'x'};
        for (int i = 0; i < count; i++) {
            boolean isLast = isEnded && i == count - 1;
            client.send(RawClient.frame((isLast ? 0x80 : 0) | (i == 0 ? 1 : 0), x));
        }
    }
}
