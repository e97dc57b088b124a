// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static dev.parley.client.Stage.PARLEY_V1;
import static dev.parley.client.Stage.ack;
import static dev.parley.client.Stage.direct;
import static dev.parley.client.Stage.fresh;
import static dev.parley.client.Stage.received;
import static dev.parley.client.Stage.resumed;
import static dev.parley.client.Stage.sentTo;
import static dev.parley.client.Stage.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's table of states in docs/continuity.md, row by row. */
class StatesTest {

    @Test
    void atTheStartItOffersBothProtocolsAndItsCredential() {
        assertThat(new Stage().socket().offered()).containsExactly("parley.v1", "v1", "key.pk");
    }

    @Test
    void aWelcomeToANewSessionIsTold() {
        assertThat(Stage.welcomed().events())
                .containsExactly(new Event.Welcomed("me", true, false, "new", null, null, 0));
    }

    @Test
    void whatIsSaidBeforeTheWelcomeIsSentBehindItInOrder() {
        Stage stage = new Stage();
        stage.client().send("bob", "1");
        stage.client().send("bob", "2");
        stage.socket().open(PARLEY_V1);
        assertThat(stage.socket().sent()).isEmpty();
        stage.socket().say(fresh("new", 1));
        assertThat(stage.socket().sent()).containsExactly(sentTo(1, 1, "1"), sentTo(2, 2, "2"));
    }

    @Test
    void whatIsSaidWhileOpenIsSentWithTheNextNumber() {
        Stage stage = Stage.welcomed();
        stage.client().send("bob", "1");
        stage.client().publishUnacknowledged("room", "[2]");
        stage.client().sendUnacknowledged("bob", "3");
        assertThat(stage.socket().sent())
                .containsExactly(
                        sentTo(1, 1, "1"),
                        "{'seq':2,'type':'publish','channel':'room','data':[2]}",
                        "{'seq':3,'type':'send','to':'bob','data':3}");
    }

    @Test
    void anAcknowledgementCompletesTheRequestWithItsNumber() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> first = stage.client().send("bob", "1");
        CompletableFuture<Long> second = stage.client().publish("room", "2");
        stage.socket().say(ack(1, 2));
        assertThat(first).isNotDone();
        assertThat(second).isCompletedWithValue(2L);
    }

    @Test
    void aLostSocketIsReplacedAtOnceByOneThatAsksToResumeFromTheLastFrame() {
        Stage stage = Stage.welcomed();
        stage.socket().say(direct(1, "1"), direct(2, "2"));
        stage.loseSocket();
        assertThat(stage.sockets()).isEqualTo(2);
        assertThat(stage.socket().offered()).containsExactly("parley.v1", "v1", "key.pk", "resume.token-1.2");
    }

    @Test
    void aResumeIsFirstConfirmedThenWhatWasNotHeardIsSentAgainThenWhatIsNew() {
        Stage stage = Stage.welcomed();
        stage.client().send("bob", "1");
        stage.client().sendUnacknowledged("bob", "2");
        stage.client().send("bob", "3");
        stage.socket().say(direct(1, "1"));
        stage.loseSocket();
        stage.client().send("bob", "4");
        stage.socket().open(PARLEY_V1, resumed(1, "later", 1));
        assertThat(stage.socket().sent())
                .containsExactly(
                        received(1),
                        "{'seq':2,'type':'send','to':'bob','data':2}",
                        sentTo(3, 3, "3"),
                        sentTo(4, 4, "4"));
    }

    @Test
    void aResumeIsConfirmedAlsoIfNothingHadCome() {
        Stage stage = Stage.welcomed();
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0));
        assertThat(stage.socket().sent()).containsExactly(received(0));
        assertThat(stage.events(Event.Welcomed.class))
                .last()
                .isEqualTo(new Event.Welcomed("me", true, true, null, null, null, 0));
    }

    @Test
    void theNextResumeUsesTheNewestToken() {
        Stage stage = Stage.welcomed();
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0), direct(1, "1"));
        stage.loseSocket();
        assertThat(stage.socket().offered()).contains("resume.later.1");
    }

    @Test
    void theAnswerToWhatWasHeardBeforeALossComesAfterTheResume() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.socket().say(received(1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 1), ack(1, 1));
        assertThat(sent).isCompletedWithValue(1L);
    }

    @Test
    void aResumedSessionKeepsItsSubscriptions() {
        Stage stage = Stage.welcomed();
        stage.client().subscribe("room");
        stage.socket().say(ack(1, 1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 1));
        assertThat(stage.socket().sent()).containsExactly(received(1));
    }

    @Test
    void aNewSessionNumbersFromOneAndSubscribesAgainBeforeAllElse() {
        Stage stage = Stage.welcomed();
        stage.client().subscribe("a");
        stage.client().subscribe("b", Subscription.standard().withSenderMetadata());
        stage.client().subscribe("c");
        stage.client().unsubscribe("c");
        stage.socket().say(ack(1, 1), ack(2, 2), ack(3, 3), ack(4, 4));
        stage.loseSocket();
        stage.client().send("bob", "1");
        stage.socket().open(PARLEY_V1, fresh("expired", 2));
        assertThat(stage.socket().sent())
                .containsExactly(
                        subscribed(1, 7, "a"),
                        "{'seq':2,'type':'subscribe','requestId':'6','channel':'b','includeSenderMetadata':true}",
                        sentTo(3, 5, "1"));
        stage.socket().say(direct(1, "1"));
        assertThat(stage.events(Event.Direct.class)).hasSize(1);
    }

    @Test
    void aNewSessionFailsWhatMayHaveBeenHeardAndSaysWhy() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> acknowledged = stage.client().send("bob", "1");
        CompletableFuture<Long> heard = stage.client().send("bob", "2");
        CompletableFuture<Long> unheard = stage.client().send("bob", "3");
        stage.client().sendUnacknowledged("bob", "4");
        stage.socket().say(ack(1, 1), received(2));
        stage.loseSocket();
        stage.events();
        stage.socket().open(PARLEY_V1, fresh("overflow", 2));
        assertThat(acknowledged).isCompletedWithValue(1L);
        assertThat(heard)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SessionLostException.class)
                .withMessage("overflow");
        assertThat(unheard)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SessionLostException.class);
        assertThat(stage.events()).containsExactly(new Event.Welcomed("me", true, false, "overflow", null, null, 3));
        assertThat(stage.socket().sent()).isEmpty();
    }

    @Test
    void aNewSessionHasNothingToDoWithWhatWasHeardInTheOneBefore() {
        Stage stage = Stage.welcomed();
        stage.client().send("bob", "1");
        stage.socket().say(received(1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, fresh("expired", 2));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(2, "later", 0));
        assertThat(stage.socket().sent()).containsExactly(received(0));
        assertThat(stage.events(Event.Welcomed.class))
                .extracting(Event.Welcomed::unsettled)
                .containsExactly(0, 1, 0);
    }

    @Test
    void aSubscriptionThatWasNotAnsweredInOneSessionIsAskedForInTheNext() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Void> subscribed = stage.client().subscribe("room");
        stage.socket().say(received(1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, fresh("expired", 2));
        assertThat(stage.socket().sent()).containsExactly(subscribed(1, 1, "room"));
        stage.socket().say(ack(1, 1));
        assertThat(subscribed).isCompleted();
    }

    @Test
    void subscriptionsAreRestoredOnceHoweverOftenThatIsInterrupted() {
        Stage stage = Stage.welcomed();
        stage.client().subscribe("room");
        stage.socket().say(ack(1, 1));
        for (int session = 2; session < 5; session++) {
            stage.loseSocket();
            stage.socket().open(PARLEY_V1, fresh("expired", session));
            assertThat(stage.socket().sent()).containsExactly(subscribed(1, session, "room"));
        }
    }

    @Test
    void aFrameThatCameBeforeIsIgnored() {
        Stage stage = Stage.welcomed();
        stage.socket().say(direct(1, "1"), direct(2, "2"), direct(1, "1"), direct(2, "2"), direct(3, "3"));
        assertThat(stage.events(Event.Direct.class))
                .extracting(Event.Direct::data)
                .containsExactly("1", "2", "3");
    }

    @Test
    void whatTheServerHeardIsNotSentAgain() {
        Stage stage = Stage.welcomed();
        stage.client().sendUnacknowledged("bob", "1");
        stage.client().sendUnacknowledged("bob", "2");
        stage.socket().say(received(1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 1));
        assertThat(stage.socket().sent()).containsExactly(received(0), "{'seq':2,'type':'send','to':'bob','data':2}");
    }

    @Test
    void withoutAWelcomeItTriesAgainAfterTenSecondsWithTheSameToken() {
        Stage stage = Stage.welcomed();
        stage.socket().say(direct(1, "1"));
        stage.loseSocket();
        FakeSocket silent = stage.socket();
        silent.open(PARLEY_V1);
        stage.pass(Duration.ofMillis(9_999));
        assertThat(silent.isAborted()).isFalse();
        stage.pass(Duration.ofMillis(1));
        assertThat(silent.isAborted()).isTrue();
        assertThat(stage.events(Event.ConnectionLost.class))
                .last()
                .isEqualTo(new Event.ConnectionLost("no welcome", Duration.ofMillis(250)));
        stage.pass(Duration.ofMillis(250));
        assertThat(stage.socket()).isNotSameAs(silent);
        assertThat(stage.socket().offered()).contains("resume.token-1.1");
    }

    @Test
    void anOldSocketIsNotHeardAnyMore() {
        Stage stage = Stage.welcomed();
        FakeSocket old = stage.socket();
        stage.loseSocket();
        stage.events();
        old.say(direct(1, "1"));
        old.end(4500, "replaced");
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0));
        old.say(direct(1, "1"));
        assertThat(stage.events()).hasSize(1).first().isInstanceOf(Event.Welcomed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {4001, 4003, 4012, 4020, 4501})
    void afterACloseThatForbidsItTheClientDoesNotComeBack(int code) {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.events();
        stage.socket().end(code, "why");
        assertThat(stage.events()).containsExactly(new Event.Closed(code, "why"));
        assertThat(stage.client().closed()).isCompletedWithValue(new Event.Closed(code, "why"));
        assertThat(sent).isCompletedExceptionally();
        stage.pass(Duration.ofHours(1));
        assertThat(stage.sockets()).isEqualTo(1);
        assertThat(stage.time().waiting()).isZero();
    }

    @Test
    void aClientWhoseSocketWasReplacedAlthoughItHasNoOtherResumesAfterAWhile() {
        Stage stage = Stage.welcomed();
        stage.socket().end(4500, "replaced");
        assertThat(stage.events(Event.ConnectionLost.class))
                .last()
                .extracting(Event.ConnectionLost::retryIn)
                .isEqualTo(Duration.ofMillis(250));
        stage.pass(Duration.ofMillis(250));
        assertThat(stage.socket().offered()).contains("resume.token-1.0");
    }

    @Test
    void afterAFailureInsideTheServerTheClientComesBackWithANewSession() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.socket().end(1011, "internal error");
        assertThat(sent).isCompletedExceptionally();
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.socket().offered()).containsExactly("parley.v1", "v1", "key.pk");
        stage.socket().open(PARLEY_V1, fresh("new", 2));
        assertThat(stage.events(Event.Welcomed.class))
                .last()
                .extracting(Event.Welcomed::unsettled)
                .isEqualTo(1);
    }

    @Test
    void closingSaysWhatHasComeAndEndsTheSession() {
        Stage stage = Stage.welcomed();
        stage.socket().say(direct(1, "1"), direct(2, "2"));
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.socket().sent();
        stage.events();
        stage.client().close();
        stage.client().close();
        assertThat(stage.socket().sent()).containsExactly(received(2), "Close 1000");
        assertThat(stage.events()).containsExactly(new Event.Closed(1000, ""));
        assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SessionLostException.class)
                .withMessage("closed");
        assertThat(stage.time().waiting()).isZero();
    }
}
