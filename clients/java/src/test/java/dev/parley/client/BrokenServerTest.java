// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static dev.parley.client.Stage.PARLEY_V1;
import static dev.parley.client.Stage.ack;
import static dev.parley.client.Stage.direct;
import static dev.parley.client.Stage.fresh;
import static dev.parley.client.Stage.received;
import static dev.parley.client.Stage.resumed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenServerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'direct','seq':3,'from':'bob','data':1}",
                "{'type':'direct','seq':9007199254740992,'from':'bob','data':1}",
                "{'type':'direct','seq':99999999999999999999999,'from':'bob','data':1}",
                "{'type':'direct','seq':-1,'from':'bob','data':1}",
                "{'type':'direct','seq':0,'from':'bob','data':1}",
                "{'type':'direct','seq':2.0,'from':'bob','data':1}",
                "{'type':'direct','seq':'2','from':'bob','data':1}",
                "{'type':'direct','from':'bob','data':1}",
                "{'type':'direct','seq':2,'from':'bob'}",
                "{'type':'direct','seq':2,'seq':2,'from':'bob','data':1}",
                "{'type':'direct','seq':2,'from':7,'data':1}",
                "{'type':'direct','seq':2,'from':'bob','data':1",
                "{'type':'direct','seq':2,'from':'bob','data':1}}",
                "{'type':'presence','seq':2,'channel':'room','joined':{},'left':[]}",
                "{'type':'presence','seq':2,'channel':'room','joined':[{}],'left':[]}",
                "{'type':'undelivered','seq':2,'to':'bob','from':-5,'through':9,'reason':'expired'}",
                "{'type':'received','seq':-1}",
                "{'type':'received','seq':2}",
                "{'type':'received'}",
                "{'type':'going_away','retryAfterMs':-1}",
                "{'type':7,'seq':2}",
                "{'seq':2}",
                "{}",
                "[]",
                "7",
                "",
                "hello"
            })
    void whatCannotBeEndsTheSessionAndTheNextOneComesAfterAWhile(String text) {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.socket().say(direct(1, "1"));
        stage.socket().sent();
        stage.events();
        stage.socket().say(text, direct(2, "2"));
        assertThat(stage.socket().sent()).containsExactly(received(1), "Close 1000");
        assertThat(stage.events())
                .singleElement()
                .isInstanceOfSatisfying(
                        Event.ConnectionLost.class,
                        lost -> assertThat(lost.retryIn()).isEqualTo(Duration.ofMillis(250)));
        assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SessionLostException.class)
                .withMessage("server_broken");
        stage.pass(Duration.ofMillis(250));
        assertThat(stage.socket().offered()).containsExactly("parley.v1", "v1", "key.pk");
    }

    @Test
    void aSecondWelcomeEndsTheSession() {
        Stage stage = Stage.welcomed();
        stage.socket().say(fresh("new", 1));
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }

    @Test
    void aResumeOfWhatWasNotOfferedIsNone() {
        Stage stage = new Stage();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0));
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
        assertThat(stage.events()).singleElement().isInstanceOf(Event.ConnectionLost.class);
    }

    @Test
    void aResumeOfAnotherSessionIsNone() {
        Stage stage = Stage.welcomed();
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(2, "later", 0));
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }

    @Test
    void aResumeThatHeardWhatWasNotSaidIsNone() {
        Stage stage = Stage.welcomed();
        stage.client().send("bob", "1");
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 2));
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }

    @Test
    void aResumeThatForgotWhatWasHeardIsNone() {
        Stage stage = Stage.welcomed();
        stage.client().send("bob", "1");
        stage.socket().say(received(1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0));
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }

    @Test
    void aResumeThatForgotWhatWasAcknowledgedIsNone() {
        Stage stage = Stage.welcomed();
        stage.client().send("bob", "1");
        stage.socket().say(ack(1, 1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, resumed(1, "later", 0));
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{'type':'pong'}",
                "{'type':'welcome'}",
                "{'type':'welcome','peerId':'me','expiresAt':null,'maxMessageSize':-1}",
                "{'type':'direct','seq':1,'from':'bob','data':1}"
            })
    void aConnectionThatDoesNotBeginWithAWelcomeIsDroppedAndTheSessionKept(String text) {
        Stage stage = Stage.welcomed();
        stage.loseSocket();
        FakeSocket strange = stage.socket();
        strange.open(PARLEY_V1, text);
        assertThat(strange.isAborted()).isTrue();
        stage.pass(Duration.ofMillis(250));
        assertThat(stage.socket().offered()).contains("resume.token-1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a token", "a,b", "ä"})
    void aResumeTokenThatCouldNotBeOfferedIsNone(String token) {
        Stage stage = new Stage();
        stage.socket().open(PARLEY_V1, fresh("new", 1).replace("token-1", token));
        assertThat(stage.socket().isAborted()).isTrue();
    }

    @Test
    void aFrameOfAnUnknownTypeCountsAndMeansNothing() {
        Stage stage = Stage.welcomed();
        stage.socket().say("{'type':'horoscope','seq':1,'sign':'libra'}", direct(2, "2"));
        assertThat(stage.events(Event.Direct.class)).hasSize(1);
    }

    @Test
    void anAnswerToNothingMeansNothing() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.socket().say(ack(1, 7), "{'type':'ack','seq':2,'requestId':'x'}", "{'type':'pong'}", received(0));
        assertThat(sent).isNotDone();
        assertThat(stage.socket().sent()).hasSize(1);
    }
}
