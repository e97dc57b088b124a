// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameReaderTest {

    static List<String> values() {
        return List.of(
                "null",
                "true",
                "0",
                "-0",
                "-12.50E+003",
                "9".repeat(5_000),
                "\"\"",
                "\"\\u0041\\\"\\\\ \\/ \\ud83d 😀 é\"",
                "\"" + "x".repeat(200_000) + "\"",
                "[]",
                "{ }",
                "[ 1,\t2 ,\r\n{\"b\":1,\"a\":[\"}\",\"]\"],\"b\":2} ]",
                "{\"" + "k".repeat(60_000) + "\":1}",
                "[".repeat(64) + "]".repeat(64),
                "[" + "1234567,".repeat(50_000) + "1]");
    }

    @ParameterizedTest
    @MethodSource("values")
    void dataIsHandedOnAsItCameWhereverItStands(String value) {
        String head = "{\"type\":\"direct\",\"from\":\"bob\",\"data\":";
        assertThat(event(head + value + "}")).isEqualTo(new Event.Direct("bob", null, value));
        assertThat(event(head + "\n " + value + "\t ,\"seq\":1}")).isEqualTo(new Event.Direct("bob", null, value));
        assertThat(event(
                        "{\"data\":" + value + ",\"fromMetadata\":" + value + ",\"from\":\"bob\",\"type\":\"direct\"}"))
                .isEqualTo(new Event.Direct("bob", value, value));
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatIsReadMayBeSent(String value) {
        assertThat(JsonData.of(value).json()).isEqualTo(value);
    }

    @Test
    void aMessageNamesItsChannelAndSender() {
        assertThat(event("{\"type\":\"message\",\"channel\":\"a\\u0062\",\"from\":\"bob\",\"data\":1}"))
                .isEqualTo(new Event.Message("ab", "bob", null, "1"));
    }

    @Test
    void presenceNamesWhoCameAndWhoLeft() {
        assertThat(event("{\"type\":\"presence\",\"channel\":\"room\",\"joined\":[{\"peerId\":\"a\","
                        + "\"metadata\":{\"x\": 1}},{\"peerId\":\"b\"}],\"left\":[{\"peerId\":\"c\"}]}"))
                .isEqualTo(new Event.Presence(
                        "room", List.of(new Event.Peer("a", "{\"x\": 1}"), new Event.Peer("b", null)), List.of("c")));
    }

    @Test
    void whoIsWaitedForAndWhoIsBackIsTold() {
        assertThat(event("{\"type\":\"reconnecting\",\"channel\":\"room\",\"peers\":[\"a\",\"b\"]}"))
                .isEqualTo(new Event.Reconnecting("room", List.of("a", "b")));
        assertThat(event("{\"type\":\"reconnected\",\"channel\":\"room\",\"peers\":[]}"))
                .isEqualTo(new Event.Reconnected("room", List.of()));
    }

    @Test
    void whatWasNotDeliveredIsTold() {
        assertThat(event("{\"type\":\"undelivered\",\"to\":\"bob\",\"from\":5,\"through\":9,\"reason\":\"expired\"}"))
                .isEqualTo(new Event.Undelivered("bob", 5, 9, "expired"));
    }

    @Test
    void aWelcomeMayHaveAnEndAndMetadata() {
        assertThat(FrameReader.read("{\"type\":\"welcome\",\"peerId\":\"me\",\"expiresAt\":1789996400,"
                                + "\"maxMessageSize\":5,\"metadata\":{\"a\":[ ]}}")
                        .frame())
                .isEqualTo(new ServerFrame.Welcome("me", 1789996400L, 5, "{\"a\":[ ]}", null));
    }

    @Test
    void namesOfOthersThatWereMadeToCollideDoNoHarm() {
        StringBuilder data = new StringBuilder("{");
        for (int i = 0; i < 1 << 14; i++) {
            for (int bit = 13; bit >= 0; bit--) {
                data.append(bit == 13 ? "\"" : "").append(((i >> bit) & 1) == 0 ? "Ab" : "BA");
            }
            data.append("\":1,");
        }
        String value = data.append("\"end\":1}").toString();
        assertThat(event("{\"type\":\"direct\",\"from\":\"bob\",\"data\":" + value + "}"))
                .isEqualTo(new Event.Direct("bob", null, value));
    }

    private static Event event(String text) {
        ServerFrame frame = FrameReader.read(text).frame();
        assertThat(frame).isInstanceOf(ServerFrame.Told.class);
        return ((ServerFrame.Told) frame).event();
    }
}
