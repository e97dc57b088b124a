// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ContinuitySettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.LostTime;
import dev.parley.wire.SettingsBuilder;
import dev.parley.wire.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** While a client is away: what others see, and what is kept for it. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class AwayTest {

    private static final String SUBSCRIBE = "{\"seq\":1,\"type\":\"subscribe\",\"channel\":\"stage\"}";

    @Test
    void othersAreToldThatAPeerIsWaitedForAndThatItIsBackAndV1ClientsNothing() {
        try (TestServer server = TestServer.start();
                Lasting witness = Lasting.begin(server);
                RawClient plain = server.open("/v1?key=" + ServerSettings.DEVELOPMENT_KEY)) {
            assertThat(plain.read()).contains("welcome");
            plain.text("{\"type\":\"subscribe\",\"channel\":\"stage\"}");
            hears(plain, "\"presence\"");
            witness.say(SUBSCRIBE);
            witness.receive();
            hears(plain, "\"joined\"");
            Lasting peer = Lasting.begin(server);
            peer.say(SUBSCRIBE);
            peer.receive();
            witness.receive();
            hears(plain, peer.peerId());

            peer.drop();
            assertThat(witness.receive())
                    .containsEntry("type", "reconnecting")
                    .containsEntry("channel", "stage")
                    .containsEntry("peers", List.of(peer.peerId()));
            try (Lasting late = Lasting.begin(server)) {
                late.say(SUBSCRIBE);
                assertThat(late.receive()).containsEntry("type", "presence");
                assertThat(late.receive())
                        .containsEntry("type", "reconnecting")
                        .containsEntry("peers", List.of(peer.peerId()));
                assertThat(witness.receive().get("joined").toString()).contains(late.peerId());
                hears(plain, late.peerId());
            }
            assertThat(witness.receive()).containsEntry("type", "reconnecting"); // late broke its socket too
            try (Lasting back = peer.resume(server)) {
                Map<String, Object> told = witness.receive();
                assertThat(told).containsEntry("type", "reconnected").containsEntry("peers", List.of(peer.peerId()));
                assertThat(back.isResumed()).isTrue();
            }
            plain.text("{\"type\":\"ping\"}");
            hears(plain, "\"pong\""); // and nothing before it
        }
    }

    @Test
    void aPeerThatFallsSilentForGoodIsGoneAfterNoMoreThanTheWelcomeSaid() {
        ServerSettings settings = new SettingsBuilder()
                .keepalive(new KeepaliveSettings(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .continuity(new ContinuitySettings(Duration.ofSeconds(1), 512, 1 << 20, 256 << 20, Optional.empty()))
                .build();
        try (LostTime lost = new LostTime();
                TestServer server = TestServer.start(settings);
                Lasting witness = Lasting.begin(server)) {
            witness.say(SUBSCRIBE);
            witness.receive();
            Lasting silent = Lasting.begin(server); // answers no ping from here on
            silent.say(SUBSCRIBE);
            long fellSilentAt = System.nanoTime();
            witness.receive();

            assertThat(witness.receive().get("left").toString()).contains(silent.peerId());
            long shown = System.nanoTime() - fellSilentAt;
            Object bound = ((Map<?, ?>) silent.welcome().get("session")).get("ghostMs");
            assertThat(bound).isEqualTo("4000");
            assertThat(Duration.ofNanos(shown)).isGreaterThan(Duration.ofSeconds(1));
            assertThat(Duration.ofNanos(shown - lost.nanos())).isLessThan(Duration.ofSeconds(4));
            silent.close();
        }
    }

    @Test
    void ofMoreThanIsKeptForAClientThatIsAwayTheSenderIsNotifiedAndTheRestArrives() {
        ServerSettings settings = new SettingsBuilder()
                .continuity(new ContinuitySettings(Duration.ofMinutes(2), 8, 1 << 20, 256 << 20, Optional.empty()))
                .build();
        try (TestServer server = TestServer.start(settings);
                Lasting sender = Lasting.begin(server)) {
            Lasting gone = Lasting.begin(server);
            sender.send(1, gone.peerId(), "1");
            gone.receive();
            gone.receipt();
            gone.hearsNothing();
            gone.drop();
            awaitAway(server); // a client that has its socket may be sent more
            for (int i = 2; i <= 6; i++) { // one sender may have half of what is kept
                sender.send(i, gone.peerId(), Integer.toString(i));
            }

            assertThat(sender.receive())
                    .containsEntry("type", "undelivered")
                    .containsEntry("from", "6")
                    .containsEntry("through", "6")
                    .containsEntry("reason", "busy");
            Lasting again = gone.resume(server);
            assertThat(again.isResumed()).isTrue();
            assertThat(again.hearData(4)).isEqualTo(List.of("2", "3", "4", "5"));
            again.close();
        }
    }

    @Test
    void aServerThatStopsTellsSendersOfWhatItKeptForThoseWhoAreAway() throws InterruptedException {
        TestServer server = TestServer.start(new SettingsBuilder()
                .drain(new DrainSettings(Duration.ofSeconds(1), Duration.ofSeconds(10)))
                .build());
        try (Lasting sender = Lasting.begin(server)) {
            Lasting gone = Lasting.begin(server);
            sender.send(1, gone.peerId(), "1");
            gone.receive();
            gone.drop();
            sender.hearsNothing();
            awaitAway(server);

            Thread stopping = Thread.ofVirtual().start(server::close);
            assertThat(sender.receive())
                    .containsEntry("type", "undelivered")
                    .containsEntry("from", "1")
                    .containsEntry("reason", "going_away");
            assertThat(sender.unnumbered()).contains("going_away");
            assertThat(sender.unnumbered()).isEqualTo("close 1001 going away");
            sender.close();
            stopping.join();
        }
    }

    private static void awaitAway(TestServer server) {
        while (!Metrics.scrape(server).contains("parley_sessions_away 1.0")) {
            Thread.onSpinWait();
        }
    }

    private static void hears(RawClient plain, String words) {
        String frame = plain.read();
        while (frame.startsWith("ping")) {
            plain.answer(frame);
            frame = plain.read();
        }
        assertThat(frame).contains(words);
    }
}
