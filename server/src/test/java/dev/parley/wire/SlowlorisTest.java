// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AddressRange;
import dev.parley.config.ClientLimits;
import dev.parley.config.ProxySettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.rawclient.RawClient;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Sockets that want nothing but to stay: closed in time, few from one address, and no trouble to others. */
@Isolated
class SlowlorisTest {

    private static final Duration ADMISSION_TIME = Duration.ofSeconds(2);

    /** The wheel's tick, and what a busy machine needs for thousands of sockets. */
    private static final Duration LATE = Duration.ofMillis(1500);

    private static final int SOCKETS = 2000;
    private static final int SOCKETS_OF_AN_ADDRESS = 400;
    private static final int MAX_PLACES = 512;
    private static final byte[] NOTHING = {};
    private static final byte[] HALF_A_HEAD = "GET / HTTP/1.1\r\nHost: a\r\nUpgr".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HALF_A_BODY =
            "POST /v1/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII);

    @Test
    @Timeout(60)
    void thousandsOfSlowSocketsAreClosedInTimeAndHealthyClientsNoticeNothing() throws InterruptedException {
        ClientLimits limits = new LimitsBuilder().admissionTime(ADMISSION_TIME).build();
        try (RecordingServer server = RecordingServer.start(limits);
                HealthyPair healthy = HealthyPair.ofMinimal(server.port(), "/minimal/healthy")) {
            Queue<Duration> lives = new ConcurrentLinkedQueue<>();
            List<Thread> attackers = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                long begin = System.nanoTime();
                RawClient client = RawClient.from("127.0.1." + (1 + i / SOCKETS_OF_AN_ADDRESS), server.port());
                switch (i % 3) {
                    case 0 -> client.send(NOTHING);
                    case 1 -> client.drip(HALF_A_HEAD, ADMISSION_TIME.dividedBy(2));
                    default -> client.send(HALF_A_BODY);
                }
                attackers.add(Thread.ofVirtual().start(() -> {
                    client.readAll();
                    lives.add(Duration.ofNanos(System.nanoTime() - begin));
                    client.close();
                }));
            }
            List<Duration> connects = connectUntilDone(server.port(), attackers);

            assertThat(lives)
                    .hasSize(SOCKETS)
                    .allSatisfy(life -> assertThat(life).isBetween(ADMISSION_TIME, ADMISSION_TIME.plus(LATE)));
            assertThat(connects)
                    .isNotEmpty()
                    .allSatisfy(connect -> assertThat(connect).isLessThan(Duration.ofSeconds(1)));
        }
    }

    @Test
    void oneMoreSocketOfAnAddressTakesThePlaceOfTheOneThatHasBeenSilentLongest() throws InterruptedException {
        try (RecordingServer server = RecordingServer.start(ClientLimits.defaults());
                HealthyPair healthy = HealthyPair.ofMinimal(server.port(), "/minimal/healthy")) {
            List<RawClient> waiting = new ArrayList<>();
            List<RawClient> admitted = new ArrayList<>();
            RawClient speaking = RawClient.from("127.0.1.1", server.port());
            speaking.send(RawRequest.MARKER.substring(0, 20));
            for (int i = 1; i < MAX_PLACES / 2; i++) {
                waiting.add(RawClient.from("127.0.1.1", server.port()));
                admitted.add(RawClient.from("127.0.1.1", server.port()).upgrade("/minimal/a" + i, "Host: a"));
            }
            for (int i = MAX_PLACES / 2; i < MAX_PLACES; i++) {
                waiting.add(RawClient.from("127.0.1.1", server.port()));
            }
            assertThat(isClosedAtOnce("127.0.1.2", server.port())).isFalse();
            assertThat(isClosedAtOnce("127.0.1.1", server.port())).isFalse();

            assertThat(waiting.removeFirst().readAll())
                    .as("it has waited longest")
                    .isEmpty();
            speaking.send(RawRequest.MARKER.substring(20));
            assertThat(speaking.readHead()).startsWith("HTTP/1.1 200 ");
            speaking.close();
            assertThat(waiting).allSatisfy(client -> {
                client.send(RawRequest.MARKER);
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            });
            assertThat(admitted).allSatisfy(client -> assertThat(client.read()).contains("welcome"));
            waiting.forEach(RawClient::close);
            admitted.forEach(RawClient::close);
        }
    }

    @Test
    void aProxyHasAnyNumberOfSockets() throws InterruptedException {
        ProxySettings proxies =
                new ProxySettings(List.of(new AddressRange(InetAddress.ofLiteral("127.0.1.1"), 32)), false);
        try (RecordingServer server = RecordingServer.start(ClientLimits.defaults(), ArrivalThrottle.NONE, proxies);
                HealthyPair healthy = HealthyPair.ofMinimal(server.port(), "/minimal/healthy")) {
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < MAX_PLACES + 10; i++) {
                waiting.add(RawClient.from("127.0.1.1", server.port()));
            }

            assertThat(isClosedAtOnce("127.0.1.1", server.port())).isFalse();
            waiting.forEach(RawClient::close);
        }
    }

    private static List<Duration> connectUntilDone(int port, List<Thread> attackers) throws InterruptedException {
        List<Duration> connects = new ArrayList<>();
        for (Thread attacker : attackers) {
            while (attacker.isAlive()) {
                long begin = System.nanoTime();
                try (RawClient client = RawClient.open(port, "/minimal/a")) {
                    assertThat(client.read()).contains("welcome");
                }
                connects.add(Duration.ofNanos(System.nanoTime() - begin));
                attacker.join(Duration.ofMillis(20));
            }
        }
        return connects;
    }

    private static boolean isClosedAtOnce(String address, int port) {
        try (RawClient client = RawClient.from(address, port)) {
            client.send(RawRequest.MARKER);
            return !client.readAll().startsWith("HTTP/1.1 200 ");
        } catch (UncheckedIOException e) {
            return true; // before the request was written
        }
    }
}
