// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "null",
                "{",
                "{}x",
                "{} {}",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"\\ud800\":1,\"\\uD800\":2}",
                "{\"\\u00e9\":1,\"\u00e9\":2}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "\ufeff{}",
                "{\"a\":1}\u0000"
            })
    void whatIsNotOneObjectWithEachKeyOnceIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(JsonFault.class);
    }

    /** A byte no character has, a character cut short, one written too long, half a pair, and one beyond the last. */
    @ParameterizedTest
    @ValueSource(strings = {"ff", "c3", "c0af", "eda080", "f4908080"})
    void invalidUtf8IsRefused(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] text = ByteBuffer.allocate(8 + bad.length)
                .put("{\"a\":\"".getBytes(StandardCharsets.US_ASCII))
                .put(bad)
                .put("\"}".getBytes(StandardCharsets.US_ASCII))
                .array();
        assertThatThrownBy(() -> JsonObject.read(text))
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void depthHasABound() throws JsonFault {
        assertThat(read("{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}").has("a"))
                .isTrue();
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(65) + "]".repeat(65) + "}"))
                .isInstanceOf(JsonFault.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e3", "\"1\"", "null", "true", "1000000000000000000", "-0.0", "[1]"})
    void whatIsNoWholeNumberIsNotTakenForOne(String value) throws JsonFault {
        JsonObject object = read("{\"n\":" + value + "}");
        assertThatThrownBy(() -> object.whole("n"))
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining("\"n\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "999999999999999999", "-999999999999999999"})
    void aWholeNumberHasUpTo18Digits(String value) throws JsonFault {
        assertThat(read("{\"n\":" + value + "}").whole("n")).hasValue(Long.parseLong(value));
    }

    @Test
    void halfASurrogatePairMayBeEscaped() throws JsonFault {
        JsonObject object = read("{\"s\":\"\\ud800\",\"l\":[\"\\udc00\"]}");
        assertThat(object.string("s")).isEqualTo("\ud800");
        assertThat(object.strings("l")).containsExactly("\udc00");
    }

    @Test
    void valuesOfTheRightTypeAreGiven() throws JsonFault {
        JsonObject object = read("{\"n\":-7, \"s\":\"\\u00e9\\n\", \"l\":[ \"a\" , \"b\"], \"e\":[ ]}");
        assertThat(object.whole("n")).hasValue(-7);
        assertThat(object.string("s")).isEqualTo("\u00e9\n");
        assertThat(object.strings("l")).containsExactly("a", "b");
        assertThat(object.strings("e")).isEmpty();
        assertThat(object.whole("x")).isEmpty();
        assertThat(object.string("x")).isNull();
        assertThat(object.strings("x")).isNull();
        assertThat(object.object("x")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"", "[1]", "[\"a\",1]", "[null]", "{}", "null"})
    void whatIsNoListOfStringsIsNotTakenForOne(String value) throws JsonFault {
        JsonObject object = read("{\"l\":" + value + "}");
        assertThatThrownBy(() -> object.strings("l")).isInstanceOf(JsonFault.class);
    }

    @Test
    void anObjectLosesTheSpaceBetweenItsPartsAndNothingElse() throws JsonFault {
        assertThat(read("{\"o\": { \"a b\" :\t12345678901234567890 ,\n\"c\":\" \\\" , \\\\\", \"d\":\"\\ud800\" } }")
                        .object("o"))
                .isEqualTo("{\"a b\":12345678901234567890,\"c\":\" \\\" , \\\\\",\"d\":\"\\ud800\"}");
    }

    private static JsonObject read(String text) throws JsonFault {
        return JsonObject.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
