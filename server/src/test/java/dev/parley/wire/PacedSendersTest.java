// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PresenceSettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.rawclient.RawClient;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that send more than they may are read later: docs/protocol.md, "Limits". */
class PacedSendersTest {

    private static final int PER_SECOND = 400;
    private static final int SENT = 600;
    private static final SecretKey KEY =
            new SecretKey("sk_id_one", new Secret("sk_secret_" + "1".repeat(40)), KeyRights.all());
    private static final AppSettings APP =
            AppSettings.of("demo", List.of(new PublishableKey("pk", KeyRights.all(), List.of())), List.of(KEY));
    private static final String ALICE = "token=" + Forge.token(KEY, Forge.claims("alice"));

    /** A burst of a second's worth. */
    private static LimitsBuilder slow() {
        return new LimitsBuilder().messagesPerSecond(PER_SECOND).messagesBurst(PER_SECOND);
    }

    @Test
    void aMinimalPeerThatSendsTooFastIsReadAtItsRateAndLosesNothing() {
        try (TestServer server = TestServer.start(slow().build(), KeepaliveSettings.defaults());
                Pair pair = Pair.in(server, "/")) {
            ByteArrayOutputStream messages = new ByteArrayOutputStream();
            for (int i = 0; i < SENT; i++) {
                messages.writeBytes(RawClient.textFrame("number " + i));
            }
            long begin = System.nanoTime();
            pair.first().send(messages.toByteArray());
            pair.second().text("the other is read all the same");

            assertThat(pair.first().read()).isEqualTo("text the other is read all the same");
            for (int i = 0; i < SENT; i++) {
                assertThat(pair.second().read()).isEqualTo("text number " + i);
            }
            assertThat(since(begin)).isGreaterThan(Duration.ofMillis(400));
            assertThat(Operator.metrics(server.adminPort()))
                    .containsPattern("parley_paused_total\\{limit=\"peer\"} [1-9]")
                    .contains(
                            "parley_paused_total{limit=\"address\"} 0.0\n",
                            "parley_paused_total{limit=\"ping\"} 0.0\n");
            pair.first().text("still here");
            assertThat(pair.second().read()).isEqualTo("text still here");
        }
    }

    @Test
    void aMinimalPeerMaySendSoManyBytes() {
        ClientLimits limits = new LimitsBuilder()
                .bytesPerSecond(1 << 20)
                .bytesBurst(256 << 10)
                .build();
        byte[] message = new byte[50_000];
        try (TestServer server = TestServer.start(limits, KeepaliveSettings.defaults());
                Pair pair = Pair.in(server, "/")) {
            long begin = System.nanoTime();
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < 20; i++) {
                    pair.first().binary(message);
                }
            });
            for (int i = 0; i < 20; i++) {
                assertThat(pair.second().read()).startsWith("binary 0000");
            }
            assertThat(since(begin)).isGreaterThan(Duration.ofMillis(550)); // of 1 MB, less a burst and what is drawn
        }
    }

    @Test
    void aV1PeerThatSendsTooFastIsReadAtItsRateAndLosesNothing() {
        try (TestServer server = v1(slow());
                Talker sender = new Talker(server, "key=pk");
                Talker receiver = new Talker(server, "key=pk")) {
            receiver.subscribe("stage");
            long begin = System.nanoTime();
            for (int i = 0; i < SENT; i++) {
                sender.say("{\"type\":\"publish\",\"channel\":\"stage\",\"data\":" + i + "}");
            }
            for (int i = 0; i < SENT; i++) {
                assertThat(receiver.receive()).contains("\"data\":" + i + "}");
            }
            assertThat(since(begin)).isGreaterThan(Duration.ofMillis(400));
            sender.isThere();
        }
    }

    @Test
    void pingsOfV1BeyondTheirRateAreAnsweredLater() {
        try (TestServer server = v1(new LimitsBuilder());
                Talker pinging = new Talker(server, "key=pk")) {
            long begin = System.nanoTime();
            for (int i = 0; i < 215; i++) {
                pinging.say("{\"type\":\"ping\"}");
            }
            for (int i = 0; i < 215; i++) {
                assertThat(pinging.receive()).isEqualTo("text {\"type\":\"pong\"}");
            }
            assertThat(since(begin)).isGreaterThan(Duration.ofMillis(600));
            pinging.isThere();
        }
    }

    @Test
    void allConnectionsOfAPeerHaveOneRate() {
        try (TestServer server = v1(new LimitsBuilder().messagesPerSecond(1).messagesBurst(100));
                Talker first = new Talker(server, ALICE);
                Talker second = new Talker(server, ALICE);
                Talker other = new Talker(server, "key=pk")) {
            for (int i = 0; i < 110; i++) {
                first.say("{\"type\":\"unsubscribe\",\"requestId\":\"r\",\"channel\":\"stage\"}");
            }
            for (int i = 0; i < 100; i++) {
                assertThat(first.receive()).contains("\"ack\"");
            }
            String request = "{\"type\":\"unsubscribe\",\"requestId\":\"r\",\"channel\":\"stage\"}";
            second.say(request);
            second.say(request);
            second.say(request);
            second.say(request);
            for (int i = 0; i < 3; i++) {
                assertThat(second.receive())
                        .contains("\"ack\""); // two are free, and one more is handled before it is paid
            }

            assertThat(second.isQuietFor(Duration.ofMillis(400))).isTrue();
            assertThat(other.ask(request)).contains("\"ack\"");
        }
    }

    private static TestServer v1(LimitsBuilder limits) {
        return TestServer.start(new SettingsBuilder()
                .apps(APP)
                .presence(new PresenceSettings(Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO))
                .limits(limits.build())
                .build());
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
