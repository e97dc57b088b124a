// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.KeepaliveSettings;
import dev.parley.rawclient.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The minimal protocol on the wire: docs/protocol.md, "Minimal". */
class MinimalTest {

    private static final String IMPOLITE = "text {\"type\":\"welcome\",\"polite\":false}";
    private static final String POLITE = "text {\"type\":\"welcome\",\"polite\":true}";
    private static final String READY = "text {\"type\":\"ready\"}";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new LimitsBuilder().unpaced().build(), KeepaliveSettings.defaults());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void firstIsImpoliteSecondIsPoliteAndOnlyTheFirstGetsReady() {
        try (RawClient first = server.open("/");
                RawClient second = server.open("/")) {
            assertThat(first.read()).isEqualTo(IMPOLITE);
            assertThat(second.read()).isEqualTo(POLITE);
            assertThat(first.read()).isEqualTo(READY);

            first.text("marker");
            assertThat(second.read()).isEqualTo("text marker");
        }
    }

    @Test
    void thirdIsAcceptedAndClosedWithoutAWordAndTheTwoAreUndisturbed() {
        try (Pair pair = Pair.in(server, "/minimal/third");
                RawClient third = server.open("/minimal/third")) {
            assertThat(third.read()).isEqualTo("close 1013 room full");

            pair.first().text("still here");
            assertThat(pair.second().read()).isEqualTo("text still here");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "", "{\"type\":\"ready\"}", "\u2028 \ud83d\ude00 \r\n"})
    void textIsRelayedAsItIs(String text) {
        try (Pair pair = Pair.in(server, "/minimal/text")) {
            pair.second().text(text);

            assertThat(pair.first().read()).isEqualTo("text " + text);
        }
    }

    @Test
    void binaryStaysBinaryAndNothingIsEchoed() {
        try (Pair pair = Pair.in(server, "/minimal/binary")) {
            pair.first().binary(new byte[] {0, -1, 127});
            pair.second().text("next");

            assertThat(pair.second().read()).isEqualTo("binary 00ff7f");
            assertThat(pair.first().read()).isEqualTo("text next");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {125, 126, 127, 65_535, 65_536, 69_632})
    void everyLengthUpToTheLimitArrivesWhole(int length) {
        String text = "x".repeat(length);
        try (Pair pair = Pair.in(server, "/minimal/length")) {
            pair.first().text(text);

            assertThat(pair.second().read()).isEqualTo("text " + text);
        }
    }

    @Test
    void whatIsSaidAloneIsDroppedAndNotKeptForALaterPeer() {
        try (RawClient first = server.open("/minimal/alone")) {
            assertThat(first.read()).isEqualTo(IMPOLITE);
            first.text("nobody hears this");
            first.send(RawClient.frame(0x89, new byte[0])); // its pong shows that the text was handled
            assertThat(first.read()).isEqualTo("pong ");
            try (RawClient second = server.open("/minimal/alone")) {
                assertThat(second.read()).isEqualTo(POLITE);
                first.text("but this");
                assertThat(second.read()).isEqualTo("text but this");
            }
        }
    }

    @Test
    void whoComesAfterALeaverIsPoliteAndWhoStayedGetsReadyAgain() {
        try (RawClient first = server.open("/minimal/again");
                RawClient second = server.open("/minimal/again")) {
            first.read();
            second.read();
            first.read();
            first.send(RawClient.closeFrame(1000, ""));
            assertThat(first.read()).isEqualTo("close 1000");
            try (RawClient third = server.open("/minimal/again")) {
                assertThat(third.read()).isEqualTo(POLITE);
                assertThat(second.read()).isEqualTo(READY);
                third.text("hello");
                assertThat(second.read()).isEqualTo("text hello");
            }
        }
    }

    @Test
    void aPeerThatIsResetMakesRoomForTheNext() {
        try (RawClient first = server.open("/minimal/reset");
                RawClient second = server.open("/minimal/reset")) {
            first.read();
            second.read();
            first.read();
            second.reset();
            try (RawClient third = Pair.joinOnceThereIsRoom(server.port(), "/minimal/reset", POLITE)) {
                assertThat(first.read()).isEqualTo(READY);
                third.text("hello");
                assertThat(first.read()).isEqualTo("text hello");
            }
        }
    }

    @Test
    void roomsDoNotHearOneAnother() {
        try (Pair a = Pair.in(server, "/minimal/a");
                Pair b = Pair.in(server, "/minimal/b")) {
            a.first().text("for a");
            b.first().text("for b");

            assertThat(a.second().read()).isEqualTo("text for a");
            assertThat(b.second().read()).isEqualTo("text for b");
        }
    }

    @Test
    void tenThousandFramesArriveInOrder() throws InterruptedException {
        try (Pair pair = Pair.in(server, "/minimal/order")) {
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 10_000; i++) {
                    pair.first().text("n" + i);
                }
            });
            for (int i = 0; i < 10_000; i++) {
                assertThat(pair.second().read()).isEqualTo("text n" + i);
            }
            sender.join();
        }
    }

    @Test
    void aRoomIsEmptyAfterManyJoinedAndDroppedAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Random random = new Random(i);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int k = 0; k < 100; k++) {
                    RawClient client = server.open("/minimal/ghosts");
                    LockSupport.parkNanos(random.nextInt(2_000_000));
                    if (random.nextBoolean()) {
                        client.reset();
                    } else {
                        client.close();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        try (Pair pair = Pair.in(server, "/minimal/ghosts")) {
            pair.first().text("no ghosts");
            assertThat(pair.second().read()).isEqualTo("text no ghosts");
        }
    }
}
