// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static dev.parley.client.Stage.PARLEY_V1;
import static dev.parley.client.Stage.direct;
import static dev.parley.client.Stage.fresh;
import static dev.parley.client.Stage.received;
import static dev.parley.client.Stage.resumed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {

    @Test
    void theFirstRetryIsAtOnceThenTheBoundDoublesUpToTheLargest() {
        Stage stage = Stage.welcomed();
        stage.chance(0.999_999_999);
        stage.lastAWhile();
        stage.events();
        List<Long> waits = new ArrayList<>();
        for (int attempt = 0; attempt < 10; attempt++) {
            stage.socket().lose();
            Duration wait = stage.events(Event.ConnectionLost.class).getFirst().retryIn();
            waits.add(Math.round(wait.toNanos() / 1e6));
            int before = stage.sockets();
            stage.pass(wait.minusNanos(1));
            assertThat(stage.sockets()).isEqualTo(before);
            stage.pass(Duration.ofNanos(1));
            assertThat(stage.sockets()).isEqualTo(before + 1);
        }
        assertThat(waits).containsExactly(0L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    }

    @Test
    void waitsAreAnythingUpToTheirBoundHoweverManyThereWere() {
        double[] chance = {0};
        RetryBackoff backoff = new RetryBackoff(Duration.ofMillis(500), Duration.ofSeconds(30), () -> chance[0]);
        for (int attempt = 0; attempt < 10_000; attempt++) {
            chance[0] = attempt % 2 == 0 ? 0 : 0.999;
            assertThat(backoff.next()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
        }
        backoff.reset();
        chance[0] = 0.5;
        assertThat(backoff.later()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void boundsOfAnyLengthAreKept() {
        RetryBackoff backoff = new RetryBackoff(Duration.ofHours(12), Duration.ofDays(1), () -> 0.999);
        for (int attempt = 0; attempt < 100; attempt++) {
            assertThat(backoff.next()).isBetween(Duration.ZERO, Duration.ofDays(1));
        }
    }

    @Test
    void aConnectionThatEndsRightAfterItsWelcomeCountsAsAFailure() {
        Stage stage = Stage.welcomed();
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "a", 0));
        stage.events();
        stage.socket().end(4011, "over_message_rate");
        assertThat(stage.events())
                .containsExactly(new Event.ConnectionLost("4011 over_message_rate", Duration.ofMillis(250)));
        stage.pass(Duration.ofMillis(250));
        stage.socket().open(PARLEY_V1, resumed(1, "b", 0));
        stage.pass(Duration.ofMillis(500));
        stage.socket().lose();
        assertThat(stage.events(Event.ConnectionLost.class))
                .extracting(Event.ConnectionLost::retryIn)
                .containsExactly(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"1006, the connection ended without a Close frame", "4010, 4010 without a reason"})
    void aLostConnectionAlwaysHasAReason(int code, String reason) {
        Stage stage = Stage.welcomed();
        stage.events();
        stage.socket().end(code, "");
        assertThat(stage.events(Event.ConnectionLost.class))
                .extracting(Event.ConnectionLost::why)
                .containsExactly(reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1006, 1008, 1009, 1012, 4002, 4011, 4999})
    void afterOtherClosesItComesBackAtOnceAndResumes(int code) {
        Stage stage = Stage.welcomed();
        stage.lastAWhile();
        stage.socket().end(code, "why");
        stage.passNoTime();
        assertThat(stage.sockets()).isEqualTo(2);
        assertThat(stage.socket().offered()).contains("resume.token-1.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1013, 4010})
    void whereTheServerSaysLaterItComesBackAfterAWhileAndResumes(int code) {
        Stage stage = Stage.welcomed();
        stage.lastAWhile();
        stage.socket().end(code, "later");
        stage.pass(Duration.ofMillis(249));
        assertThat(stage.sockets()).isEqualTo(1);
        stage.pass(Duration.ofMillis(1));
        assertThat(stage.socket().offered()).contains("resume.token-1.0");
    }

    @Test
    void eachConnectionAsksForACredentialSoThatOneThatEndedIsFollowedByAnother() {
        int[] count = {0};
        Stage stage = new Stage(true, 10, () -> Credential.token("t" + ++count[0]));
        assertThat(stage.socket().offered()).containsExactly("parley.v1", "v1", "bearer.t1");
        stage.socket().open(PARLEY_V1, fresh("new", 1), direct(1, "1"));
        stage.lastAWhile();
        stage.socket().end(4002, "token_expired");
        stage.passNoTime();
        assertThat(stage.socket().offered()).containsExactly("parley.v1", "v1", "bearer.t2", "resume.token-1.1");
    }

    @Test
    void aCredentialThatCannotBeHadIsAFailedAttempt() {
        boolean[] isThere = {false};
        Stage stage = new Stage(true, 10, () -> {
            if (!isThere[0]) {
                throw new IllegalStateException("no network");
            }
            return Credential.token("t");
        });
        assertThat(stage.events())
                .containsExactly(new Event.ConnectionLost(
                        "no credential: java.lang.IllegalStateException: no network", Duration.ZERO));
        isThere[0] = true;
        stage.passNoTime();
        assertThat(stage.socket().offered()).contains("bearer.t");
    }

    @Test
    void aClientClosedWhileItAsksForACredentialDoesNotConnect() {
        List<ParleyClient> clients = new ArrayList<>();
        Stage stage = new Stage(true, 10, () -> {
            clients.forEach(ParleyClient::close);
            return Credential.key("pk");
        });
        clients.add(stage.client());
        stage.loseSocket();
        assertThat(stage.sockets()).isEqualTo(1);
        assertThat(stage.events()).last().isInstanceOf(Event.Closed.class);
    }

    @Test
    void nothingIsToldBehindTheLastEvent() {
        List<ParleyClient> clients = new ArrayList<>();
        Stage stage = new Stage(true, 10, () -> {
            if (clients.isEmpty()) {
                return Credential.key("pk");
            }
            clients.forEach(ParleyClient::close);
            throw new IllegalStateException("too late");
        });
        clients.add(stage.client());
        stage.loseSocket();
        assertThat(stage.events()).last().isInstanceOf(Event.Closed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 0, 1000",
        "1000, 0.5, 1500",
        "0, 0.5, 0",
        "86400000, 0, 30000",
        "86400000, 0.5, 45000",
        "99999999999999999999999, 0.5, 45000"
    })
    void aServerThatGoesSaysWhenToComeBackWithinBounds(String retryAfterMs, double chance, long millis) {
        Stage stage = Stage.welcomed();
        stage.chance(chance);
        stage.lastAWhile();
        stage.socket().say("{'type':'going_away','retryAfterMs':" + retryAfterMs + "}");
        stage.events();
        stage.socket().end(1001, "going away");
        assertThat(stage.events())
                .containsExactly(new Event.ConnectionLost("1001 going away", Duration.ofMillis(millis)));
        stage.pass(Duration.ofMillis(millis));
        assertThat(stage.socket().offered()).contains("resume.token-1.0");
    }

    @Test
    void whatTheServerSaidOfComingBackCountsOnce() {
        Stage stage = Stage.welcomed();
        stage.socket().say("{'type':'going_away','retryAfterMs':20000}");
        stage.socket().end(1001, "going away");
        stage.pass(Duration.ofSeconds(30));
        stage.events();
        stage.socket().lose();
        assertThat(stage.events())
                .containsExactly(new Event.ConnectionLost("the network is gone", Duration.ofMillis(250)));
    }

    @Test
    void aPingGoesOutEvery20SecondsAsLongAsItIsAnswered() {
        Stage stage = Stage.welcomed();
        for (int i = 0; i < 5; i++) {
            stage.pass(Duration.ofMillis(19_999));
            assertThat(stage.socket().sent()).isEmpty();
            stage.pass(Duration.ofMillis(1));
            assertThat(stage.socket().sent()).containsExactly("{'type':'ping'}");
            stage.socket().say("{'type':'pong'}");
        }
        assertThat(stage.sockets()).isEqualTo(1);
    }

    @Test
    void aSocketThatSaysNothingFor10SecondsAfterAPingIsDead() {
        Stage stage = Stage.welcomed();
        FakeSocket dead = stage.socket();
        dead.say(direct(1, "1"));
        stage.pass(Duration.ofSeconds(5));
        dead.say("{'type':'pong'}");
        stage.pass(Duration.ofSeconds(15));
        stage.pass(Duration.ofMillis(9_999));
        assertThat(dead.isAborted()).isFalse();
        stage.pass(Duration.ofMillis(1));
        assertThat(dead.isAborted()).isTrue();
        stage.passNoTime();
        assertThat(stage.socket().offered()).contains("resume.token-1.1");
    }

    @Test
    void aSocketOnASlowLineIsAliveAsLongAsSomethingArrives() {
        Stage stage = Stage.welcomed();
        stage.pass(Duration.ofSeconds(20));
        for (int sequence = 1; sequence <= 3; sequence++) {
            stage.pass(Duration.ofSeconds(9));
            stage.socket().sayPart();
            stage.pass(Duration.ofSeconds(9));
            stage.socket().say(direct(sequence, "1"));
        }
        assertThat(stage.socket().isAborted()).isFalse();
        stage.pass(Duration.ofMillis(9_999));
        assertThat(stage.socket().isAborted()).isFalse();
        FakeSocket dead = stage.socket();
        stage.pass(Duration.ofMillis(1));
        assertThat(dead.isAborted()).isTrue();
    }

    @Test
    void whatHasComeIsSaidAfterASecondOrAfter64Frames() {
        Stage stage = Stage.welcomed();
        stage.socket().say(direct(1, "1"));
        stage.pass(Duration.ofMillis(500));
        stage.socket().say(direct(2, "2"));
        stage.pass(Duration.ofMillis(499));
        assertThat(stage.socket().sent()).isEmpty();
        stage.pass(Duration.ofMillis(1));
        assertThat(stage.socket().sent()).containsExactly(received(2));
        for (int sequence = 3; sequence < 66; sequence++) {
            stage.socket().say(direct(sequence, "1"));
        }
        assertThat(stage.socket().sent()).isEmpty();
        stage.socket().say(direct(66, "1"));
        assertThat(stage.socket().sent()).containsExactly(received(66));
        stage.pass(Duration.ofSeconds(5));
        assertThat(stage.socket().sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"x, 65000", "\u20ac, 21000"})
    void itAcknowledgesAtTheLatestAfter256KiB(String character, int length) {
        Stage stage = Stage.welcomed();
        long unacknowledged = 0;
        for (int sequence = 1; sequence <= 40; sequence++) {
            String frame = direct(sequence, "'" + character.repeat(length) + "'");
            stage.socket().say(frame);
            unacknowledged += Utf8Text.bytes(frame);
            List<String> sent = stage.socket().sent();
            if (!sent.isEmpty()) {
                assertThat(sent).containsExactly(received(sequence));
                unacknowledged = 0;
            }
            assertThat(unacknowledged).isLessThan(256 * 1024);
        }
    }

    @Test
    void eachAcknowledgementBeginsTheCountOfBytesAnew() {
        Stage stage = Stage.welcomed();
        stage.socket().say(direct(1, "'" + "x".repeat(90_000) + "'"));
        assertThat(stage.socket().sent()).containsExactly(received(1));
        stage.socket().say(direct(2, "'" + "x".repeat(50_000) + "'"));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0));
        assertThat(stage.socket().sent()).containsExactly(received(2));
        stage.socket().say(direct(3, "'" + "x".repeat(50_000) + "'"));
        assertThat(stage.socket().sent()).isEmpty();
        stage.socket().say(direct(4, "'" + "x".repeat(50_000) + "'"));
        assertThat(stage.socket().sent()).containsExactly(received(4));
    }

    @Test
    void whereNothingComesNothingIsSaid() {
        Stage stage = Stage.welcomed();
        stage.socket().say("{'type':'received','seq':0}");
        stage.pass(Duration.ofSeconds(19));
        assertThat(stage.socket().sent()).isEmpty();
    }
}
