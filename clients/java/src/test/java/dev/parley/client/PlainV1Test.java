// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static dev.parley.client.Stage.PARLEY_V1;
import static dev.parley.client.Stage.V1;
import static dev.parley.client.Stage.plain;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainV1Test {

    @ParameterizedTest
    @ValueSource(strings = {"v1", ""})
    void aServerThatDoesNotSpeakParleyV1IsSpokenToWithoutNumbers(String subprotocol) {
        Stage stage = new Stage();
        CompletableFuture<Long> sent = stage.client().publish("room", "1");
        stage.socket().open(subprotocol, plain());
        assertThat(stage.socket().sent())
                .containsExactly("{'type':'publish','requestId':'1','channel':'room','data':1}");
        stage.socket().say("{'type':'ack','requestId':'1'}", "{'type':'direct','from':'bob','data':2}");
        assertThat(sent).isCompleted();
        assertThat(stage.events())
                .containsExactly(
                        new Event.Welcomed("me", false, false, null, null, null, 0),
                        new Event.Direct("bob", null, "2"));
        stage.pass(Duration.ofSeconds(5));
        assertThat(stage.socket().sent()).isEmpty();
    }

    @Test
    void withoutContinuityOnlyV1IsOffered() {
        Stage stage = new Stage(false, 10, () -> Credential.key("pk"));
        assertThat(stage.socket().offered()).containsExactly("v1", "key.pk");
        stage.socket().open(PARLEY_V1, Stage.fresh("new", 1));
        stage.client().sendUnacknowledged("bob", "1");
        assertThat(stage.socket().sent()).containsExactly("{'type':'send','to':'bob','data':1}");
    }

    @Test
    void afterALossItSubscribesAgainAndSendsWhatWasNotSent() {
        Stage stage = new Stage();
        stage.socket().open(V1, plain());
        stage.client().subscribe("room");
        stage.socket().say("{'type':'ack','requestId':'1'}");
        CompletableFuture<Long> unsettled = stage.client().send("bob", "1");
        stage.client().sendUnacknowledged("bob", "2");
        stage.loseSocket();
        stage.settle();
        assertThat(unsettled)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SessionLostException.class)
                .withMessage("connection_lost");
        stage.client().sendUnacknowledged("bob", "3");
        assertThat(stage.socket().offered()).containsExactly("parley.v1", "v1", "key.pk");
        stage.events();
        stage.socket().open(V1, plain());
        assertThat(stage.socket().sent())
                .containsExactly(
                        "{'type':'subscribe','requestId':'5','channel':'room'}", "{'type':'send','to':'bob','data':3}");
        assertThat(stage.events()).containsExactly(new Event.Welcomed("me", false, false, null, null, null, 1));
    }

    @Test
    void theApplicationMayHaveAnyNumberOfUnacknowledgedRequests() {
        Stage stage = new Stage(true, 2, () -> Credential.key("pk"));
        stage.socket().open(V1, plain());
        for (int i = 0; i < 10; i++) {
            assertThat(stage.client().sendUnacknowledged("bob", "1")).isTrue();
        }
    }

    @Test
    void aServerThatSpeaksOnlyV1NowHasNothingOfTheSessionBefore() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.loseSocket();
        stage.socket().open(V1, plain());
        assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SessionLostException.class)
                .withMessage("not_offered");
        assertThat(stage.socket().sent()).isEmpty();
    }

    @Test
    void aServerThatSpeaksParleyV1NowBeginsASession() {
        Stage stage = new Stage();
        stage.socket().open(V1, plain());
        stage.client().subscribe("room");
        stage.socket().say("{'type':'ack','requestId':'1'}");
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, Stage.fresh("new", 1));
        assertThat(stage.socket().sent()).containsExactly(Stage.subscribed(1, 2, "room"));
    }

    @Test
    void aDeadSocketIsNoticed() {
        Stage stage = new Stage();
        stage.socket().open(V1, plain());
        stage.pass(Duration.ofSeconds(30));
        assertThat(stage.sockets()).isEqualTo(2);
    }

    @Test
    void nonsenseEndsTheConnection() {
        Stage stage = new Stage();
        stage.socket().open(V1, plain(), "hello");
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }

    @Test
    void closingSaysNothingButClose() {
        Stage stage = new Stage();
        stage.socket().open(V1, plain(), "{'type':'direct','from':'bob','data':2}");
        stage.client().close();
        assertThat(stage.socket().sent()).containsExactly("Close 1000");
    }
}
