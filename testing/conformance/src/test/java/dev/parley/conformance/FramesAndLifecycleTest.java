// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.rawclient.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** v1: frames, liveness, lifecycle. */
@ExtendWith(ServerUnderTest.class)
class FramesAndLifecycleTest {

    private final Server server;
    private final String channel = Server.freshName();

    FramesAndLifecycleTest(Server server) {
        this.server = server;
    }

    // case 55
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope",
                "",
                "Ping",
                "welcome",
                "ack",
                "error",
                "presence",
                "message",
                "direct",
                "pong",
                "going_away",
                "__proto__",
                "constructor"
            })
    void aTypeThatClientsDoNotSayIsUnknown(String type) {
        try (Client a = server.connect()) {
            assertThat(a.ask(type)).isEqualTo("unknown_type");
            a.say("{" + Json.field("type", type) + "}");
            assertThat(a.hearUncorrelatedError()).isEqualTo("unknown_type");
            a.hearsNothing();
        }
    }

    // case 56
    @Test
    void aRequestWithoutAnIdGetsNoAckAndItsErrorHasNoneEither() {
        try (Client a = server.connect()) {
            a.say("{\"type\":\"subscribe\"," + Json.field("channel", channel) + "}");
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.NOBODY);
            a.say("{\"type\":\"publish\"," + Json.field("channel", channel) + ",\"data\":1}");
            a.say("{\"type\":\"send\"," + Json.field("to", "nobody") + ",\"data\":1}");
            assertThat(a.hearUncorrelatedError()).isEqualTo("peer_not_found");
            a.say("{\"type\":\"unsubscribe\"," + Json.field("channel", channel) + "}");
            a.say("{\"type\":\"subscribe\",\"channel\":\"\"}");
            assertThat(a.hearUncorrelatedError()).isEqualTo("invalid_channel");
            a.hearsNothing();
        }
    }

    // case 56, section 1.11
    @Test
    void anErrorHasACodeForProgramsAndPerhapsAMessageForPeople() {
        try (Client a = server.connect()) {
            a.say(Client.message("send", "e", Json.field("to", "nobody"), "\"data\":1"));

            JsonNode error = a.hear();
            assertThat(error.path("requestId").asString()).isEqualTo("e");
            assertThat(error.path("code").asString()).isEqualTo("peer_not_found");
            assertThat(error.path("message").isMissingNode()
                            || error.path("message").isString())
                    .isTrue();
        }
    }

    // case 57
    @Test
    void aPingIsAnsweredAlsoWhenAllMessagesAreSpent() {
        int pings = 150;
        try (Client a = server.connect()) {
            a.hearsNothing();
            for (int i = 0; i < Server.MESSAGE_BURST; i++) {
                a.say("{\"type\":\"unsubscribe\"," + Json.field("channel", channel) + "}");
            }
            for (int i = 0; i < pings; i++) {
                a.say("{\"type\":\"ping\",\"requestId\":\"unused\"}");
            }
            for (int i = 0; i < pings; i++) {
                assertThat(a.hear().path("type").asString()).isEqualTo("pong");
            }
        }
    }

    // case 59
    @Test
    void aMessageInPiecesIsOneMessage() {
        byte[] message = ("{\"type\":\"publish\"," + Json.field("channel", channel) + ",\"data\":\"\ud83d\ude00\"}")
                .getBytes(StandardCharsets.UTF_8);
        int inTheEmoji = message.length - 4;
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            a.raw().send(RawClient.frame(0x01, Arrays.copyOf(message, 5)));
            a.raw().send(RawClient.frame(0x89, "between".getBytes(StandardCharsets.UTF_8)));
            a.raw().send(RawClient.frame(0x00, Arrays.copyOfRange(message, 5, inTheEmoji)));
            a.raw().send(RawClient.frame(0x80, Arrays.copyOfRange(message, inTheEmoji, message.length)));
            assertThat(a.next()).isEqualTo("pong between");
            assertThat(b.hear().path("data").asString()).isEqualTo("\ud83d\ude00");
            a.hearsNothing();
        }
    }

    // case 59
    @Test
    void piecesAreHeldToTheLimitTogether() {
        try (Client a = server.connect()) {
            a.raw().send(RawClient.frame(0x01, new byte[40_000]));
            a.raw().send(RawClient.frame(0x80, new byte[40_000]));

            assertThat(a.next()).startsWith("close 1009");
        }
    }

    // case 59
    @Test
    void whoOffersCompressionIsServedWithoutIt() {
        try (RawClient raw = server.tcp()) {
            raw.send(RawClient.handshake(
                    "/v1?key=" + server.key(),
                    server.host(),
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"));
            String head = raw.readHead();
            assertThat(head).startsWith("HTTP/1.1 101 ");
            boolean isCompressed = head.contains("permessage-deflate");
            assumeTrue(
                    server.isOwn() || !isCompressed, "another server compresses, which these tests cannot look into");
            assertThat(isCompressed).isFalse();
            new Client(raw).hearsNothing();
        }
    }

    static List<String> requestIds() {
        return List.of(
                "\"\\u0061\\\"\\\\\\/\\n\\u0000\"",
                "\"\\ud800\"",
                "\"\\ude00\\ud83d\"",
                "\"\ud83d\ude00 \u2028 \u007f\"",
                Json.quote("x".repeat(128)),
                Json.quote("\u20ac".repeat(128)));
    }

    // case 55, section 1.6
    @ParameterizedTest(name = "[{index}]")
    @MethodSource("requestIds")
    void aRequestIdComesBackWithTheSameValue(String requestId) {
        try (Client a = server.connect()) {
            a.say("{\"requestId\":" + requestId + ",\"type\":\"unsubscribe\",\"channel\":\"x\"}");
            assertThat(Client.answer(a.hear(), Json.value(requestId))).isEqualTo("ack");
            a.say("{\"type\":\"nope\",\"requestId\":" + requestId + "}");
            assertThat(Client.answer(a.hear(), Json.value(requestId))).isEqualTo("unknown_type");
        }
    }

    // case 22, section 1.12
    @Test
    void whoClosesIsAnsweredAndHasLeft() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);
            a.join(channel);
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(a));

            a.raw().send(RawClient.closeFrame(4000, "inactivity timeout"));
            assertThat(a.next()).startsWith("close 4000");
            assertThat(a.next()).isEqualTo("end");
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.left(a));
        }
    }

    // case 60
    @Test
    void aServerThatIsAskedToStopTellsEveryClientThenClosesIt() throws InterruptedException {
        assumeTrue(server.isOwn(), "only a server of these tests' own may be stopped by them");
        try (Server stopping = Server.start()) {
            List<Client> clients =
                    IntStream.range(0, 20).mapToObj(i -> stopping.connect()).toList();
            clients.forEach(client -> client.join(Server.freshName()));

            stopping.terminate();
            Together.run(clients.stream()
                    .map(client -> (Runnable) () -> {
                        JsonNode farewell = client.hear();
                        assertThat(farewell.path("type").asString()).isEqualTo("going_away");
                        assertThat(farewell.path("retryAfterMs").asInt()).isPositive();
                        assertThat(client.next()).startsWith("close 1001");
                        client.raw().send(RawClient.closeFrame(1001, ""));
                        assertThat(client.next()).isEqualTo("end");
                    })
                    .toList());
            assertThat(stopping.exitCode()).isZero();
            clients.forEach(Client::close);
        }
    }
}
