// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.parley.rawclient.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * v1: what clients should never say. Each line has one definite answer; what leaves the connection open is all said
 * over one, and beside it two well-behaved clients lose nothing.
 */
@ExtendWith({ServerUnderTest.class, Healthy.class})
class BadInputTest {

    private static Client client;

    private final Server server;

    BadInputTest(Server server) {
        this.server = server;
    }

    @BeforeAll
    static void connect(Server server) {
        client = server.connect();
    }

    @AfterAll
    static void theClientIsStillThere() {
        client.hearsNothing();
        client.close();
    }

    static Stream<Arguments> malformed() {
        String ping = "{\"type\":\"ping\"}";
        return Stream.of(
                argumentSet("nothing", ""),
                argumentSet("blanks", " \t\r\n "),
                argumentSet("an object that does not end", "{"),
                argumentSet("a key without a value", "{\"type\""),
                argumentSet("a string that does not end", "{\"type\":\"ping"),
                argumentSet("an array", "[]"),
                argumentSet("a message in an array", "[" + ping + "]"),
                argumentSet("a string", "\"x\""),
                argumentSet("a number", "1"),
                argumentSet("null", "null"),
                argumentSet("no type", "{}"),
                argumentSet("a type that is a number", "{\"type\":5}"),
                argumentSet("a type that is null", "{\"type\":null}"),
                argumentSet("a type that is an object", "{\"type\":{\"type\":\"ping\"}}"),
                argumentSet("words", "hello"),
                argumentSet("a NUL before", "\0" + ping),
                argumentSet("a NUL behind", ping + "\0"),
                argumentSet("a NUL in a string", "{\"type\":\"ping\",\"a\":\"\0\"}"),
                argumentSet("UTF-16 to look at, big end first", utf16(ping, "\0", "")),
                argumentSet("UTF-16 to look at, little end first", utf16(ping, "", "\0")),
                argumentSet("UTF-32 to look at", utf16(ping, "\0\0\0", "")),
                argumentSet("junk behind", ping + "x"),
                argumentSet("a brace behind", ping + "}"),
                argumentSet("two messages", ping + ping),
                argumentSet("two messages, a line each", ping + "\n" + ping),
                argumentSet("a comma at the end", "{\"type\":\"ping\",}"),
                argumentSet("a block comment", "{/**/\"type\":\"ping\"}"),
                argumentSet("a line comment", "{\"type\":\"ping\"}//"),
                argumentSet("a hash comment", "#\n" + ping),
                argumentSet("single quotes", "{'type':'ping'}"),
                argumentSet("a key without quotes", "{type:\"ping\"}"),
                argumentSet("a line end in a string", "{\"type\":\"ping\",\"a\":\"\n\"}"),
                argumentSet("an invalid escape", "{\"type\":\"ping\",\"a\":\"\\x41\"}"),
                argumentSet("half an escape", "{\"type\":\"ping\",\"a\":\"\\u00\"}"),
                argumentSet("NaN", data("NaN")),
                argumentSet("Infinity", data("-Infinity")),
                argumentSet("a leading zero", data("01")),
                argumentSet("a leading plus", data("+1")),
                argumentSet("a leading point", data(".5")),
                argumentSet("a trailing point", data("1.")),
                argumentSet("an exponent without digits", data("1e")),
                argumentSet("hexadecimal", data("0x1")),
                argumentSet("undefined", data("undefined")),
                argumentSet("True", data("True")),
                argumentSet("data that is no value", data("")),
                argumentSet("data cut short", data("{\"a\":[1,2}")),
                argumentSet("data with a wrong escape deep inside", data("[[[\"\\u12g4\"]]]")),
                argumentSet("30,000 brackets", data("[".repeat(30_000))),
                argumentSet("an empty request id", requestId("\"\"")),
                argumentSet("a request id of 129 characters", requestId(Json.quote("x".repeat(129)))),
                argumentSet("a request id that is a number", requestId("7")),
                argumentSet("a request id that is null", requestId("null")),
                argumentSet("a request id that is an object", requestId("{\"a\":1}")));
    }

    // case 54
    @ParameterizedTest
    @MethodSource("malformed")
    void isMalformedAndLeavesTheConnectionOpen(String message) {
        long begin = System.nanoTime();
        client.say(message);

        assertThat(client.hearUncorrelatedError()).isEqualTo("malformed_message");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        client.hearsNothing();
    }

    // case 54, section 5 row 21
    @Test
    void aBinaryFrameIsMalformedAndLeavesTheConnectionOpen() {
        client.raw().binary("{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(client.hearUncorrelatedError()).isEqualTo("malformed_message");
        client.raw().binary(new byte[] {0, -1, -2});
        assertThat(client.hearUncorrelatedError()).isEqualTo("malformed_message");
        client.hearsNothing();
    }

    // section 1.6
    @Test
    void aByteOrderMarkIsMalformedOrOverlookedButNothingElse() {
        client.say("\ufeff{\"type\":\"ping\"}");

        assertThat(client.hear().toString()).containsAnyOf("\"pong\"", "\"malformed_message\"");
        client.hearsNothing();
    }

    static Stream<Arguments> ignored() {
        return Stream.of(
                argumentSet("an unknown field", "\"a\":{\"type\":[1,null]}"),
                argumentSet("a key of 60 KB", Json.quote("k".repeat(60_000)) + ":1"),
                argumentSet("a key of 60 KB of escapes", "\"" + "\\u0041".repeat(10_000) + "\":1"),
                argumentSet("a value of 60 KB", "\"a\":" + Json.quote("v".repeat(60_000))),
                argumentSet("half a character as key", "\"\\ud800\":1"),
                argumentSet("an empty key", "\"\":1"),
                argumentSet("5,000 keys", keys(5_000)),
                argumentSet("a number of 60,000 digits", "\"a\":" + "9".repeat(60_000)),
                argumentSet("a number too large for any type", "\"a\":1e999999999"),
                argumentSet("one key twice, further in", "\"a\":{\"b\":1,\"b\":2}"),
                argumentSet("a key that looks like another", "\"Channel\":\"\""),
                argumentSet("data where none is wanted", "\"data\":{\"a\":1}"),
                argumentSet("a flag of another kind", "\"includeSenderMetadata\":\"true\""));
    }

    // case 54, section 1.6
    @ParameterizedTest
    @MethodSource("ignored")
    void isLegalAndIgnored(String field) {
        assertThat(client.ask("unsubscribe", "\"channel\":\"x\"", field)).isEqualTo("ack");
        client.hearsNothing();
    }

    // case 54
    @Test
    void invalidUtf8EndsItsConnectionWith1007() {
        byte[] message = "{\"type\":\"ping\",\"a\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        message[message.length - 3] = (byte) 0xFF;
        try (Client bad = server.connect()) {
            bad.raw().send(RawClient.frame(0x81, message));

            assertThat(bad.next()).startsWith("close 1007");
        }
    }

    // case 54
    @Test
    void aSurrogateInUtf8EndsItsConnectionWith1007() {
        try (Client bad = server.connect()) {
            bad.raw().send(RawClient.frame(0x81, new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}));

            assertThat(bad.next()).startsWith("close 1007");
        }
    }

    // case 50
    @Test
    void aKeyOfAMegabyteEndsItsConnectionWith1009() {
        try (Client bad = server.connect()) {
            bad.say("{\"type\":\"ping\"," + Json.quote("k".repeat(1 << 20)) + ":1}");

            assertThat(bad.next()).startsWith("close 1009");
        }
    }

    @Test
    void whoSaysNothingButNonsenseIsTold1008AfterAWhile() {
        try (Client bad = server.connect()) {
            for (int i = 0; i < 150; i++) {
                bad.say("nonsense");
            }
            String frame = bad.next();
            int answered = 0;
            while (frame.contains("malformed_message")) {
                answered++;
                frame = bad.next();
            }
            assertThat(frame).isEqualTo("close 1008 too many malformed messages");
            assertThat(answered).isGreaterThanOrEqualTo(100);
        }
    }

    private static String data(String value) {
        return "{\"type\":\"publish\",\"channel\":\"x\",\"data\":" + value + "}";
    }

    private static String requestId(String value) {
        return "{\"type\":\"unsubscribe\",\"channel\":\"x\",\"requestId\":" + value + "}";
    }

    private static String utf16(String text, String before, String behind) {
        StringBuilder wide = new StringBuilder();
        text.chars().forEach(c -> wide.append(before).append((char) c).append(behind));
        return wide.toString();
    }

    private static String keys(int count) {
        StringBuilder fields = new StringBuilder("\"k\":0");
        for (int i = 1; i < count; i++) {
            fields.append(",\"k").append(i).append("\":0");
        }
        return fields.toString();
    }
}
