// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static dev.parley.client.Stage.PARLEY_V1;
import static dev.parley.client.Stage.ack;
import static dev.parley.client.Stage.fresh;
import static dev.parley.client.Stage.received;
import static dev.parley.client.Stage.sentTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingRequestsTest {

    @Test
    void anErrorFailsTheRequestWithItsCode() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.socket().say("{'type':'error','seq':1,'requestId':'1','code':'peer_not_found','message':'nobody'}");
        assertThat(code(sent)).isEqualTo("peer_not_found");
        assertThat(stage.events(Event.ServerError.class)).isEmpty();
    }

    @Test
    void anErrorOfNoRequestIsToldToTheListener() {
        Stage stage = Stage.welcomed();
        stage.socket().say("{'type':'error','seq':1,'code':'unknown_type','message':'what?'}");
        assertThat(stage.events(Event.ServerError.class))
                .containsExactly(new Event.ServerError("unknown_type", "what?", null));
    }

    @Test
    void aChannelThatWasTakenAwayIsNotSubscribedToAgain() {
        Stage stage = Stage.welcomed();
        stage.client().subscribe("room");
        stage.socket()
                .say(
                        ack(1, 1),
                        "{'type':'error','seq':2,'code':'channel_not_authorized','channel':'room','message':''}");
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, fresh("expired", 2));
        assertThat(stage.socket().sent()).isEmpty();
    }

    @Test
    void aChannelThatCannotBeSubscribedToAgainIsToldAndLetGo() {
        Stage stage = Stage.welcomed();
        stage.client().subscribe("room");
        stage.socket().say(ack(1, 1));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, fresh("expired", 2));
        stage.socket().say("{'type':'error','seq':1,'requestId':'2','code':'channel_full','message':'full'}");
        assertThat(stage.events(Event.ServerError.class))
                .containsExactly(new Event.ServerError("channel_full", "full", "room"));
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, fresh("expired", 3));
        assertThat(stage.socket().sent()).isEmpty();
    }

    @Test
    void asManyRequestsAreKeptAsAllowedAndMoreAreRefused() {
        Stage stage = new Stage(true, 2, () -> Credential.key("pk"));
        CompletableFuture<Long> first = stage.client().send("bob", "1");
        assertThat(stage.client().sendUnacknowledged("bob", "2")).isTrue();
        CompletableFuture<Long> refused = stage.client().send("bob", "3");
        assertThat(stage.client().sendUnacknowledged("bob", "4")).isFalse();
        stage.settle();
        assertThat(code(refused)).isEqualTo("too_many_requests");
        stage.socket().open(PARLEY_V1, fresh("new", 1), received(2));
        assertThat(first).isNotDone();
        assertThat(stage.client().sendUnacknowledged("bob", "5")).isTrue();
        assertThat(stage.client().sendUnacknowledged("bob", "6")).isFalse();
        stage.socket().say(ack(1, 1));
        assertThat(stage.client().sendUnacknowledged("bob", "7")).isTrue();
    }

    @Test
    void dataThatIsTooLongIsNotSentBecauseItWouldEndEachConnection() {
        Stage stage = new Stage();
        String tooLong = "\"" + "é".repeat(50) + "\"";
        CompletableFuture<Long> early = stage.client().send("bob", tooLong);
        stage.client().sendUnacknowledged("bob", tooLong);
        stage.client().send("bob", "\"" + "é".repeat(49) + "\"");
        stage.socket().open(PARLEY_V1, fresh("new", 1));
        assertThat(code(early)).isEqualTo("message_too_big");
        assertThat(stage.events(Event.ServerError.class))
                .extracting(Event.ServerError::code)
                .containsExactly("message_too_big");
        assertThat(stage.socket().sent()).containsExactly(sentTo(1, 3, "'" + "é".repeat(49) + "'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1 2",
                "1,\"to\":\"eve\"",
                "{",
                "{}}",
                "[1",
                "nul",
                "\"\ud800\"",
                "'a'",
                "\ufeff1",
                "NaN",
                "01"
            })
    void whatIsNotOneJsonValueIsNotData(String text) {
        assertThatThrownBy(() -> JsonData.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dataMayBe64DeepAndNotDeeper() {
        assertThat(JsonData.of("[".repeat(64) + "]".repeat(64)).bytes()).isEqualTo(128);
        assertThatThrownBy(() -> JsonData.of("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dataIsCountedInBytes() {
        assertThat(JsonData.of("\"aé€😀\"").bytes()).isEqualTo(2 + 1 + 2 + 3 + 4);
    }

    @Test
    void namesAreWrittenSoThatTheyCannotLeaveTheirString() {
        Stage stage = Stage.welcomed();
        stage.client().publishUnacknowledged("a\",\"b\\\n", "1");
        assertThat(stage.socket().sent())
                .containsExactly("{'seq':1,'type':'publish','channel':'a\\',\\'b\\\\\\n','data':1}");
    }

    @Test
    void namesNoServerTakesAreRefused() {
        ParleyClient client = Stage.welcomed().client();
        assertThatThrownBy(() -> client.subscribe("a".repeat(257))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.send("a".repeat(129), "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.unsubscribe("\udc00")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedClientTakesNoRequest() {
        Stage stage = Stage.welcomed();
        stage.client().close();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.settle();
        assertThat(code(sent)).isEqualTo("closed");
        assertThat(stage.client().sendUnacknowledged("bob", "1")).isFalse();
    }

    @Test
    void whatWasNeverSentFailsAsNotDoneWhenTheClientIsClosed() {
        Stage stage = new Stage();
        CompletableFuture<Long> sent = stage.client().send("bob", "1");
        stage.client().close();
        stage.settle();
        assertThat(code(sent)).isEqualTo("closed");
    }

    @Test
    void futuresCompleteInOrderWithTheEventsAround() {
        Stage stage = Stage.welcomed();
        StringBuilder told = new StringBuilder();
        stage.listen((client, event) -> told.append(event instanceof Event.Direct direct ? direct.data() : "?"));
        stage.client().send("bob", "0").thenRun(() -> told.append("ack"));
        stage.socket().say(Stage.direct(1, "1"), ack(2, 1), Stage.direct(3, "2"));
        assertThat(told.toString()).isEqualTo("1ack2");
    }

    @Test
    void aListenerMaySpeak() {
        Stage stage = Stage.welcomed();
        stage.listen((client, event) -> client.send("bob", "1"));
        stage.socket().say(Stage.direct(1, "1"));
        assertThat(stage.socket().sent()).containsExactly(sentTo(1, 1, "1"));
    }

    static String code(CompletableFuture<?> failed) {
        assertThat(failed).isCompletedExceptionally();
        return failed.handle((answer, failure) ->
                        failure instanceof RequestFailedException refused ? refused.code() : "" + failure)
                .orTimeout(1, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aSendToAPeerThatIsBusyFailsWithThatCodeAndTheSessionGoesOn() {
        Stage stage = Stage.welcomed();
        CompletableFuture<Long> refused = stage.client().send("bob", "1");
        stage.client().sendUnacknowledged("bob", "2");
        CompletableFuture<Long> accepted = stage.client().send("bob", "3");
        stage.socket()
                .say(
                        "{'type':'error','seq':1,'requestId':'1','code':'receiver_busy','message':'slow'}",
                        "{'type':'error','seq':2,'code':'receiver_busy','message':'slow'}",
                        "{'type':'undelivered','seq':3,'to':'bob','from':3,'through':3,'reason':'busy'}",
                        "{'type':'ack','seq':4,'requestId':'3'}");

        assertThat(stage.events())
                .endsWith(
                        new Event.ServerError("receiver_busy", "slow", null),
                        new Event.Undelivered("bob", 3, 3, "busy"));
        assertThat(refused)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        failure -> assertThat(failure.code()).isEqualTo("receiver_busy"));
        assertThat(accepted).isCompletedWithValue(3L);
    }
}
