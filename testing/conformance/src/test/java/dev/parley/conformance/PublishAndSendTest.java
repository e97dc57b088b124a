// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** v1: publishing and sending. */
@ExtendWith({ServerUnderTest.class, Healthy.class})
class PublishAndSendTest {

    private static final int PAYLOAD_BYTES = 65_536;

    private final Server server;
    private final String channel = Server.freshName();

    PublishAndSendTest(Server server) {
        this.server = server;
    }

    // case 40
    @Test
    void whatIsPublishedReachesEverySubscriberOnceButNotItsPublisher() {
        try (Client a = server.connect();
                Client b = server.connect();
                Client c = server.connect()) {
            a.join(channel);
            b.join(channel);
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.joined(b));
            c.join(channel);
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.joined(c));
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(c));

            assertThat(a.publish(channel, "{\"n\":1}")).isEqualTo("ack");
            for (Client subscriber : List.of(b, c)) {
                JsonNode message = subscriber.hear();
                assertSignal(message, "message", a, "{\"n\":1}");
                assertThat(message.path("channel").asString()).isEqualTo(channel);
            }
            b.hearsNothingBefore(a);
            c.hearsNothingBefore(a);
            a.hearsNothingBefore(b);
        }
    }

    // case 41
    @Test
    void whoPublishesNeedNotSubscribe() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            assertThat(a.publish(channel, "1")).isEqualTo("ack");
            assertThat(b.hear().path("from").asString()).isEqualTo(a.peerId());
            b.hearsNothingBefore(a);
        }
    }

    // case 42
    @Test
    void publishingToNobodyIsAcknowledged() {
        try (Client a = server.connect()) {
            assertThat(a.publish(channel, "1")).isEqualTo("ack");
            a.hearsNothing();
        }
    }

    // case 41, section 1.8
    @Test
    void everythingPublishedAfterTheAckOfASubscriptionReachesIt() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            assertThat(a.ask("subscribe", Json.field("channel", channel))).isEqualTo("ack");
            assertThat(b.publish(channel, "1")).isEqualTo("ack");

            String first = a.hear().path("type").asString();
            String second = a.hear().path("type").asString();
            assertThat(List.of(first, second)).containsExactlyInAnyOrder("message", "presence");
        }
    }

    // case 44
    @Test
    void nullIsDataAndNoDataIsNone() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            assertThat(a.publish(channel, "null")).isEqualTo("ack");
            JsonNode message = b.hear();
            assertThat(message.has("data")).isTrue();
            assertThat(message.path("data").isNull()).isTrue();
            assertThat(a.send(b, "null")).isEqualTo("ack");
            JsonNode direct = b.hear();
            assertThat(direct.has("data")).isTrue();
            assertThat(direct.path("data").isNull()).isTrue();

            assertThat(a.ask("publish", Json.field("channel", channel))).isEqualTo("missing_data");
            assertThat(a.ask("send", Json.field("to", b.peerId()))).isEqualTo("missing_data");
            b.hearsNothingBefore(a);
        }
    }

    static List<String> data() {
        return List.of(
                "12345678901234567890",
                "1e400",
                "-0",
                "0.10",
                "1E+2",
                "9".repeat(400),
                "0." + "1".repeat(400) + "e-400",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "{\"\\ud800\":{\"\\udfff\":1}}",
                "\"\\u0000\\/\\u0041\\n\"",
                "\"\u2028\ud83d\ude00\u007f\ufeff\"",
                "\"\"",
                "{\"z\":1,\"a\":{\"c\":[ ],\"b\" :\t2 }\n}",
                "{\"a\":1,\"a\":2,\"\":3}",
                "{\"type\":\"ping\",\"requestId\":\"x\",\"to\":1,\"data\":{}}",
                "[1 ,2,\r\n{}]",
                "true",
                "false",
                "\"" + "\\\"".repeat(1000) + "\"",
                "[".repeat(64) + "]".repeat(64));
    }

    // cases 45 and 46
    @ParameterizedTest(name = "[{index}]")
    @MethodSource("data")
    void dataArrivesByteForByte(String data) {
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            assertThat(a.publish(channel, data)).isEqualTo("ack");
            assertThat(b.hearText()).containsPattern(exactly(data));
            assertThat(a.send(b, data)).isEqualTo("ack");
            assertThat(b.hearText()).containsPattern(exactly(data));
        }
    }

    /** Two thousand values that a generator makes up, by turns to a channel and to a peer. */
    @Test
    void whateverJsonItIsDataArrivesByteForByte() {
        AnyJson any = new AnyJson(17);
        try (Client b = server.connect()) {
            b.join(channel);
            for (int round = 0; round < 4; round++) { // a client each, for the rate of messages
                try (Client a = server.connect()) {
                    for (int i = 0; i < 500; i++) {
                        String data = any.next();
                        assertThat(i % 2 == 0 ? a.publish(channel, data) : a.send(b, data))
                                .as(data)
                                .isEqualTo("ack");
                        assertThat(b.hearText()).endsWith("\"data\":" + data + "}");
                    }
                }
            }
        }
    }

    // names that mean something to programs in other languages
    @ParameterizedTest
    @ValueSource(strings = {"__proto__", "constructor", "prototype", "hasOwnProperty", "toString"})
    void aNameThatIsSpecialElsewhereIsANameLikeAnyOther(String name) {
        server.assumeConfigured();
        String data = "{" + Json.quote(name) + ":{\"from\":\"forged\",\"isAdmin\":true}}";
        String field = Json.quote(name) + ":{\"from\":\"forged\",\"to\":\"nobody\"}";
        try (Client a = server.connect();
                Client b = server.connect(Token.of(name))) {
            b.join(name);
            assertThat(a.ask("publish", Json.field("channel", name), "\"data\":" + data, field))
                    .isEqualTo("ack");
            assertSignal(b.hear(), "message", a, data);
            assertThat(a.ask("send", Json.field("to", name), "\"data\":" + data, field))
                    .isEqualTo("ack");
            assertSignal(b.hear(), "direct", a, data);
            assertThat(a.ask("publish", Json.field("channel", "another" + name), "\"data\":1", field))
                    .isEqualTo("ack");
            b.hearsNothingBefore(a);
        }
    }

    private static Pattern exactly(String data) {
        return Pattern.compile("\"data\"\\s*:\\s*" + Pattern.quote(data) + "\\s*[,}]");
    }

    /** What else the frame has is the server's affair. */
    private static void assertSignal(JsonNode frame, String type, Client from, String data) {
        assertThat(frame.path("type").asString()).as("type of %s", frame).isEqualTo(type);
        assertThat(frame.path("from").asString()).isEqualTo(from.peerId());
        assertThat(frame.path("data")).isEqualTo(Json.parse(data));
    }

    // case 45
    @Test
    void blanksAroundDataAreNotPartOfIt() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.say(" {\"data\" \t: [1] \r\n,\"type\":\"send\"\n," + Json.field("to", b.peerId()) + "} ");
            assertThat(b.hearText()).containsPattern(exactly("[1]"));
            a.say("{\"type\":\"send\"," + Json.field("to", b.peerId()) + ",\"data\":17 }");
            assertThat(b.hearText()).containsPattern(exactly("17"));
        }
    }

    // case 46, without metadata
    @Test
    void whatIsSentReachesItsPeerWithoutACommonChannel() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            assertThat(a.send(b, "{\"n\":1}")).isEqualTo("ack");
            assertSignal(b.hear(), "direct", a, "{\"n\":1}");
            a.hearsNothing();
        }
    }

    // section 1.10
    @Test
    void whoSendsToItselfHearsIt() {
        try (Client a = server.connect()) {
            a.say("{\"type\":\"send\"," + Json.field("to", a.peerId()) + ",\"data\":1}");

            assertThat(a.hear().path("from").asString()).isEqualTo(a.peerId());
            a.hearsNothing();
        }
    }

    // cases 40 and 46
    @Test
    void whoAMessageIsFromIsForTheServerToSay() {
        String[] forged = {
            Json.field("from", "forged"), Json.field("peerId", "forged"), "\"fromMetadata\":{\"name\":\"forged\"}"
        };
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            String fields = String.join(",", forged);
            assertThat(a.ask("publish", Json.field("channel", channel), "\"data\":1", fields))
                    .isEqualTo("ack");
            JsonNode message = b.hear();
            assertSignal(message, "message", a, "1");
            assertThat(message.toString()).doesNotContain("forged");
            assertThat(a.ask("send", Json.field("to", b.peerId()), "\"data\":1", fields))
                    .isEqualTo("ack");
            JsonNode direct = b.hear();
            assertSignal(direct, "direct", a, "1");
            assertThat(direct.toString()).doesNotContain("forged");
        }
    }

    // case 47
    @Test
    void aPeerThatIsNotConnectedIsNotFound() {
        try (Client a = server.connect();
                Client gone = server.connect()) {
            a.join(channel);
            gone.join(channel);
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.joined(gone));
            gone.raw().send(RawClient.closeFrame(1000, ""));
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.left(gone));

            assertThat(a.send(gone, "1")).isEqualTo("peer_not_found");
            assertThat(a.ask("send", Json.field("to", "nobody"), "\"data\":1")).isEqualTo("peer_not_found");
            assertThat(a.ask("send", Json.field("to", "x".repeat(128)), "\"data\":1"))
                    .isEqualTo("peer_not_found");
            a.hearsNothing();
        }
    }

    // case 47
    @ParameterizedTest(name = "[{index}]")
    @ValueSource(strings = {"\"\"", "7", "null", "[]", "{\"a\":1}", "\"a\\u0000\"", "\"a\\u0085\""})
    void whatIsNoPeerIdIsInvalid(String notPeer) {
        try (Client a = server.connect()) {
            assertThat(a.ask("send", "\"to\":" + notPeer, "\"data\":1")).isEqualTo("invalid_peer_id");
            a.hearsNothing();
        }
    }

    // case 47
    @Test
    void aPeerIdOf129CharactersOrNoneIsInvalid() {
        try (Client a = server.connect()) {
            assertThat(a.ask("send", Json.field("to", "x".repeat(129)), "\"data\":1"))
                    .isEqualTo("invalid_peer_id");
            assertThat(a.ask("send", "\"data\":1")).isEqualTo("invalid_peer_id");
        }
    }

    // case 50
    @Test
    void aPayloadOfTheSizeInTheWelcomeIsTakenHoweverLongItsEnvelope() {
        String longName = channel + "\u20ac".repeat(256 - channel.length());
        try (Client a = server.connect();
                Client b = server.connect()) {
            assertThat(a.welcome().path("maxMessageSize").asInt()).isEqualTo(PAYLOAD_BYTES);
            String data = "\"" + "x".repeat(PAYLOAD_BYTES - 2) + "\"";
            b.join(longName);

            assertThat(a.publish(longName, data)).isEqualTo("ack");
            assertThat(b.hearText()).containsPattern(exactly(data));
            a.say(Client.message("send", "r".repeat(128), Json.field("to", b.peerId()), "\"data\":" + data));
            assertThat(Client.answer(a.hear(), "r".repeat(128))).isEqualTo("ack");
            assertThat(b.hearText()).containsPattern(exactly(data));
        }
    }

    /** Not of the managed service, which closes with 1009; both exceed the {@code maxMessageSize} of the welcome. */
    @Test
    void aPayloadOfOneByteMoreThanTheWelcomeSaysIsRefusedAndTheConnectionStaysOpen() {
        String data = "\"" + "x".repeat(PAYLOAD_BYTES - 1) + "\"";
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            assertThat(a.publish(channel, data)).isEqualTo("message_too_big");
            assertThat(a.send(b, data)).isEqualTo("message_too_big");
            b.hearsNothingBefore(a);
        }
    }

    // case 50
    @Test
    void aFrameOf80KilobytesEndsItsConnectionWith1009() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            a.say(Client.message(
                    "publish", "big", Json.field("channel", channel), "\"data\":\"" + "x".repeat(80 << 10) + "\""));
            assertThat(a.next()).startsWith("close 1009");
            b.hearsNothing();
        }
    }

    // case 51
    @Test
    void eightHundredMessagesArriveInOrderWhicheverWayTheyGo() throws InterruptedException {
        int count = 800;
        Duration untilABurstIsBack = Duration.ofMillis(6L * Server.MESSAGE_BURST); // at 200 a second, and some more
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            for (int i = 0; i < count; i++) {
                if (i > 0 && i % Server.MESSAGE_BURST == 0) {
                    Thread.sleep(untilABurstIsBack); // the pace of the client, not a wait for anything
                }
                String target = i % 2 == 0
                        ? "{\"type\":\"publish\"," + Json.field("channel", channel)
                        : "{\"type\":\"send\"," + Json.field("to", b.peerId());
                a.say(target + ",\"data\":" + i + "}");
            }
            for (int i = 0; i < count; i++) {
                JsonNode frame = b.hear();
                assertThat(frame.path("type").asString()).isEqualTo(i % 2 == 0 ? "message" : "direct");
                assertThat(frame.path("data").asInt()).isEqualTo(i);
            }
            b.hearsNothing();
            a.hearsNothing();
        }
    }

    // case 53
    @Test
    void whoSendsMoreAtOnceThanItMayIsReadLaterAndLosesNothing() {
        int count = Server.MESSAGE_BURST + 500; // at 200 a second they take 2.5 s
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            flood.writeBytes(RawClient.frame(
                    0x81,
                    ("{\"type\":\"publish\"," + Json.field("channel", channel) + ",\"data\":" + i + "}")
                            .getBytes(StandardCharsets.UTF_8)));
        }
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);
            Thread.ofVirtual().start(() -> a.raw().send(flood.toByteArray()));

            for (int i = 0; i < count; i++) {
                assertThat(b.hear().path("data").asInt()).isEqualTo(i);
            }
            a.hearsNothing();
        }
    }
}
