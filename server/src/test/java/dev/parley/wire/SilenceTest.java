// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.rawclient.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clients that fall silent, at every stage: docs/protocol.md, "Keepalive" and "Limits". */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class SilenceTest {

    private static final KeepaliveSettings BRISK =
            new KeepaliveSettings(Duration.ofMillis(400), Duration.ofMillis(300));

    @Test
    void aClientThatAnswersPingsStays() {
        try (TestServer server = TestServer.start(ClientLimits.defaults(), BRISK);
                RawClient client = server.open("/")) {
            client.read();
            for (int i = 0; i < 4; i++) {
                assertThat(client.read()).startsWith("ping");
                client.send(RawClient.frame(0x8A, new byte[0]));
            }
        }
    }

    @Test
    void aClientThatDoesNotAnswerAPingIsLostEvenIfItTalks() {
        try (TestServer server = TestServer.start(ClientLimits.defaults(), BRISK);
                RawClient client = server.open("/")) {
            client.read();
            assertThat(client.read()).startsWith("ping");
            client.text("busy");

            assertThat(client.read()).isEqualTo("close 1008 no pong");
        }
    }

    @Test
    void theRoomOfALostClientIsFreeAtOnceThoughItsSocketStandsOpen() {
        ClientLimits limits =
                new LimitsBuilder().closeTime(Duration.ofSeconds(60)).build();
        try (TestServer server = TestServer.start(limits, BRISK);
                RawClient silent = server.open("/")) {
            silent.read();
            silent.read();
            assertThat(silent.read()).isEqualTo("close 1008 no pong");

            try (RawClient next = server.open("/")) {
                assertThat(next.read()).contains("\"polite\":false");
            }
            silent.reset(); // or the server would wait for its answer
        }
    }

    @Test
    void aSilentSocketAHalfRequestAndAnIdleConnectionAreClosedInTime() {
        ClientLimits limits =
                new LimitsBuilder().admissionTime(Duration.ofMillis(400)).build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient silent = RawClient.tcp(server.port());
                RawClient half = RawClient.tcp(server.port());
                RawClient idle = RawClient.tcp(server.port())) {
            half.send("GET / HTTP/1.1\r\nHost: local");
            idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(idle.readHead()).startsWith("HTTP/1.1 200 ");

            assertThat(silent.readAll()).isEmpty();
            assertThat(half.readAll()).isEmpty();
            assertThat(idle.readAll()).isEqualTo("{\"status\":\"ok\"}");
        }
    }

    @Test
    void theTimeOfARequestIsNotRenewedByDripping() {
        ClientLimits limits =
                new LimitsBuilder().admissionTime(Duration.ofMillis(400)).build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient client = RawClient.tcp(server.port())) {
            client.drip("G".repeat(1000).getBytes(StandardCharsets.US_ASCII), Duration.ofMillis(50));

            assertThat(client.readAll()).matches("|lost .*");
        }
    }

    @Test
    void aClientThatNeverAnswersACloseIsCutOff() {
        ClientLimits limits =
                new LimitsBuilder().closeTime(Duration.ofMillis(300)).build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Pair pair = Pair.in(server, "/");
                RawClient third = server.open("/")) {
            assertThat(third.read()).isEqualTo("close 1013 room full");
            assertThat(third.read()).isEqualTo("end");

            pair.first().text("others live on");
            assertThat(pair.second().read()).isEqualTo("text others live on");
        }
    }

    @Test
    void aPingCutInTwoDoesNotStartTheTimeOfAMessage() {
        ClientLimits limits =
                new LimitsBuilder().messageTime(Duration.ofMillis(200)).build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                RawClient client = server.open("/")) {
            client.read();
            byte[] ping = RawClient.frame(0x89, new byte[] {'!'});
            client.send(Arrays.copyOf(ping, 3));
            assertThat(client.isQuietFor(Duration.ofMillis(100))).isTrue();
            client.send(Arrays.copyOfRange(ping, 3, ping.length));

            assertThat(client.read()).isEqualTo("pong !");
            assertThat(client.isQuietFor(Duration.ofMillis(800))).isTrue();
        }
    }

    @Test
    void aClientThatBeginsAMessageAfterItsCloseIsCutOffAllTheSame() {
        ClientLimits limits = new LimitsBuilder()
                .messageTime(Duration.ofMillis(300))
                .closeTime(Duration.ofMillis(1200))
                .build();
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Pair pair = Pair.in(server, "/");
                RawClient third = server.open("/")) {
            assertThat(third.read()).isEqualTo("close 1013 room full");
            third.send(RawClient.frame(0x01, new byte[] {'x'}));

            assertThat(third.read()).isEqualTo("end");
            assertThat(pair.first().isQuietFor(Duration.ofMillis(1))).isTrue();
        }
    }
}
