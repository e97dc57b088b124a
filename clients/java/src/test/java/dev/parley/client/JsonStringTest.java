// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStringTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\"quoted\" and \\ back",
                "lines\r\n\tand \u0000\u001f\u007f",
                "\u00e4\u20ac\ud83d\ude00",
                "\u2028\u2029",
                "half \ud83d, and \ude00\ud83d"
            })
    void aTextIsDataThatReadsAsTheSameText(String text) throws BrokenProtocolException {
        String json = JsonString.of(text);
        assertThat(JsonData.of(json).json()).isEqualTo(json);
        assertThat(JsonText.string(json)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"a \"b\"|\"a \\\"b\\\"\"", "\ud83d\ude00|\"\ud83d\ude00\""})
    void aTextIsWrittenAsItIsButForWhatJsonEscapes(String text, String json) {
        assertThat(JsonString.of(text)).isEqualTo(json);
    }

    @Test
    void halfASurrogatePairIsEscaped() {
        assertThat(JsonString.of("\ude00\ud83d\ude00\ud83d")).isEqualTo("\"\\ude00\ud83d\ude00\\ud83d\"");
    }
}
