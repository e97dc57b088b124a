// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.ContinuitySettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.Forge;
import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.SettingsBuilder;
import dev.parley.wire.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a session goes on, and when not; the usual cases are wire vectors, see docs/vectors. */
@Timeout(60)
class ResumeTest {

    private static final SecretKey SECRET_KEY = new SecretKey("sk_id_a", SettingsBuilder.SECRET, KeyRights.all());
    private static final long NANOS_BETWEEN_SIGNALS = 2_000_000;
    private static final int MOST_UNHEARD = 200;
    private static final int MANY_RESUMES = Integer.getInteger("continuity.resumes", 200);

    @Test
    void aClientThatWasSilentForMostOfTheWindowGoesOnAndAMomentAfterItDoesNot() {
        Duration window = Duration.ofSeconds(2);
        try (TestServer server = TestServer.start(window(window));
                Lasting other = Lasting.begin(server)) {
            Lasting gone = Lasting.begin(server).drop();
            park(window.minusMillis(700));
            other.send(1, gone.peerId(), "1");
            Lasting back = gone.resume(server);
            assertThat(back.isResumed()).isTrue();
            assertThat(back.receive()).containsEntry("data", "1");
            back.receipt();
            back.hearsNothing();

            back.drop();
            other.send(2, gone.peerId(), "2");
            assertThat(other.receive())
                    .containsEntry("type", "undelivered")
                    .containsEntry("to", gone.peerId())
                    .containsEntry("from", "2")
                    .containsEntry("through", "2")
                    .containsEntry("reason", "expired");
            Lasting late = back.resume(server);
            assertThat(late.isResumed()).isFalse();
            assertThat(late.reason()).isEqualTo("expired");
            assertThat(late.peerId()).isEqualTo(gone.peerId());
            late.drop();
        }
    }

    @Test
    void aSocketThatIsLostRightAfterEachResumeReplyLosesNothing() {
        try (TestServer server = TestServer.start();
                Lasting sender = Lasting.begin(server)) {
            Lasting receiver = Lasting.begin(server);
            for (int i = 1; i <= 3; i++) {
                receiver.drop();
                sender.send(i, receiver.peerId(), Integer.toString(i));
                receiver = receiver.resume(server);
                assertThat(receiver.isResumed()).isTrue();
            }
            assertThat(receiver.hearData(3)).containsExactly("1", "2", "3");
            receiver.drop();
        }
    }

    /** Also measured with -Dcontinuity.resumes=10000. */
    @Test
    void theWelcomeIsTheFirstFrameAndTheReplayComesBeforeWhatIsNewHoweverFastASenderIs() throws InterruptedException {
        try (TestServer server = TestServer.start(new SettingsBuilder()
                        .limits(new LimitsBuilder().messagesPerSecond(1_000_000).build())
                        .build());
                Lasting sender = Lasting.begin(server)) {
            Lasting receiver = Lasting.begin(server);
            String to = receiver.peerId();
            AtomicLong heard = new AtomicLong();
            Thread talking = Thread.ofVirtual().start(() -> {
                for (long i = 1; !Thread.currentThread().isInterrupted(); i++) {
                    sender.send(i, to, Long.toString(i));
                    do {
                        LockSupport.parkNanos(NANOS_BETWEEN_SIGNALS);
                    } while (i - heard.get() > MOST_UNHEARD
                            && !Thread.currentThread().isInterrupted());
                }
            });
            for (int i = 0; i < MANY_RESUMES; i++) {
                receiver = receiver.drop().resume(server); // whose first frame must be the welcome
                assertThat(receiver.reason()).isNull();
                receiver.receipt();
                for (int frame = 0; frame < i % 3; frame++) {
                    assertThat(receiver.receive()).containsEntry("data", Long.toString(heard.incrementAndGet()));
                }
            }
            talking.interrupt();
            talking.join();
            receiver.drop();
        }
    }

    /** A loop that is behind handles the request of the earlier socket last. */
    @Test
    void ofTwoAttemptsTheOneWhoseSocketWasAcceptedLaterHasTheSession() {
        try (TestServer server = TestServer.start();
                Lasting sender = Lasting.begin(server)) {
            Lasting lost = Lasting.begin(server).drop();
            String offer = "Sec-WebSocket-Protocol: parley.v1, " + Lasting.KEY + ", resume." + lost.token() + ".0";
            RawClient earlier = RawClient.tcp(server.port());
            RawClient later = RawClient.tcp(server.port());
            later.upgrade("/v1", Lasting.HOST, offer);
            assertThat(later.read()).contains("\"welcome\"").contains("\"resumed\":true");
            earlier.upgrade("/v1", Lasting.HOST, offer);

            assertThat(earlier.read()).isEqualTo("close 4500 replaced");
            sender.send(1, lost.peerId(), "1");
            assertThat(later.read()).contains("\"data\":1");
            earlier.close();
            later.close();
        }
    }

    @Test
    void aTokenIsOnlyForTheKeyTheAppAndThePeerItWasMadeFor() {
        AppSettings one = AppSettings.of("one", List.of(key("pk_a"), key("pk_b")), List.of(SECRET_KEY));
        AppSettings two = AppSettings.of("two", List.of(key("pk_c")), List.of());
        try (TestServer server =
                TestServer.start(new SettingsBuilder().apps(one, two).build())) {
            Lasting byKey = Lasting.begin(server, "key.pk_a");
            for (String other : List.of("key.pk_b", "key.pk_c", bearer("alice"))) {
                Lasting thief = Lasting.resume(server, other, byKey.token(), 0);
                assertThat(thief.reason()).isEqualTo("unknown");
                assertThat(thief.peerId()).isNotEqualTo(byKey.peerId());
                thief.drop();
            }
            Lasting byToken = Lasting.begin(server, bearer("alice"));
            Lasting other = Lasting.resume(server, bearer("bob"), byToken.token(), 0);
            assertThat(other.reason()).isEqualTo("unknown");
            other.drop();
            for (Lasting holder : List.of(
                    Lasting.resume(server, bearer("alice"), byToken.token(), 0),
                    Lasting.resume(server, "key.pk_a", byKey.token(), 0))) {
                assertThat(holder.isResumed()).isTrue();
                holder.drop();
            }
            byToken.drop();
            byKey.drop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".-1", ".01", ".1.5", ".x", ".99999999999999999", ".0.0"})
    void aPositionThatIsNoNumberEndsTheSessionAsAnyOtherTheServerDoesNotKnow(String position) {
        try (TestServer server = TestServer.start();
                Lasting sender = Lasting.begin(server)) {
            Lasting lost = Lasting.begin(server);
            sender.send(1, lost.peerId(), "1");
            assertThat(lost.receive()).containsEntry("data", "1");
            lost.drop();
            Lasting back = Lasting.resumeAt(server, lost.token(), position);

            assertThat(back.reason()).isEqualTo("overflow");
            assertThat(back.peerId()).isEqualTo(lost.peerId());
            assertThat(sender.receive()).containsEntry("type", "undelivered").containsEntry("reason", "overflow");
            back.drop();
        }
    }

    @Test
    void aResumeOfASessionThatItsClientEndedIsAnsweredAsIfItsWindowWereOver() {
        try (TestServer server = TestServer.start()) {
            Lasting ended = Lasting.begin(server);
            ended.socket().send(RawClient.closeFrame(1000, ""));
            assertThat(ended.raw()).startsWith("close 1000");
            Lasting back = ended.resume(server);

            assertThat(back.reason()).isEqualTo("expired");
            assertThat(back.peerId()).isEqualTo(ended.peerId());
            ended.close();
            back.drop();
        }
    }

    @Test
    void withASecretAPeerKeepsItsIdWhenTheServerWasStartedAgainAndWithoutItIsAnother() {
        ContinuitySettings sealed = new ContinuitySettings(
                Duration.ofMinutes(2),
                512,
                1 << 20,
                256 << 20,
                Optional.of(new Secret("0123456789abcdef0123456789abcdef")));
        for (ContinuitySettings continuity : List.of(sealed, ContinuitySettings.defaults())) {
            ServerSettings settings =
                    new SettingsBuilder().continuity(continuity).build();
            Lasting before;
            try (TestServer server = TestServer.start(settings)) {
                before = Lasting.begin(server).drop();
            }
            try (TestServer server = TestServer.start(settings)) {
                Lasting after = Lasting.resume(server, Lasting.KEY, before.token(), 0);
                boolean isSealed = continuity.secret().isPresent();
                assertThat(after.isResumed()).isFalse();
                assertThat(after.reason()).isEqualTo(isSealed ? "state_lost" : "unknown");
                after.drop();
                assertThat(after.peerId().equals(before.peerId())).isEqualTo(isSealed);
                assertThat(after.welcome().get("epoch"))
                        .isNotEqualTo(before.welcome().get("epoch"));
            }
        }
    }

    @Test
    void aSessionIsNotGivenTwiceForOnePlaceAndKeepsItsPlaceWhileItsClientIsAway() {
        AppLimits limits = new AppLimits(1, 200, List.of(), 0);
        AppSettings one = new AppSettings("one", true, List.of(key("pk_a")), List.of(), List.of(), limits);
        try (TestServer server =
                TestServer.start(new SettingsBuilder().apps(one).build())) {
            Lasting gone = Lasting.begin(server, "key.pk_a").drop();

            RawClient refused = RawClient.tcp(server.port())
                    .upgrade("/v1", Lasting.HOST, "Sec-WebSocket-Protocol: parley.v1, key.pk_a");
            assertThat(refused.read()).isEqualTo("close 4010 over_concurrent_limit");
            refused.close();
            Lasting back = Lasting.resume(server, "key.pk_a", gone.token(), 0);
            assertThat(back.isResumed()).isTrue();
            back.drop();
        }
    }

    @Test
    void withoutAWindowAClientThatAsksIsAnsweredInPlainV1() {
        try (TestServer server = TestServer.start(window(Duration.ZERO))) {
            for (String offered : List.of("parley.v1, v1", "parley.v1")) {
                RawClient client = RawClient.tcp(server.port());
                client.send(RawClient.handshake(
                        "/v1",
                        Lasting.HOST,
                        "Sec-WebSocket-Protocol: " + offered + ", key." + ServerSettings.DEVELOPMENT_KEY));
                String head = client.readHead();
                assertThat(head.contains("v1")).isEqualTo(offered.endsWith(" v1"));
                assertThat(head).doesNotContain("parley.v1");
                assertThat(client.read()).contains("\"welcome\"").doesNotContain("session");
                client.close();
            }
        }
    }

    private static ServerSettings window(Duration window) {
        return new SettingsBuilder()
                .continuity(new ContinuitySettings(window, 512, 1 << 20, 256 << 20, Optional.empty()))
                .build();
    }

    private static PublishableKey key(String id) {
        return new PublishableKey(id, KeyRights.all(), List.of());
    }

    private static String bearer(String peer) {
        return "bearer." + Forge.token(SECRET_KEY, Forge.claims(peer));
    }

    private static void park(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
