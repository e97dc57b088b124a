// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonScannerTest {

    /**
     * Strings are looked through eight bytes at a time, so an error would depend on the place and on the neighbours.
     */
    @Test
    void aStringEndsAtItsQuoteWhereverThatStandsAndWhateverStandsAround() throws JsonScanner.NotJson {
        for (String around :
                new String[] {"a", "\u00e4", "\u20ac", "\ud83d\ude00", "!", "#", "[", "]", "\u007f", "~"}) {
            for (int length = 0; length < 40; length++) {
                String content = around.repeat(length);
                assertThat(scanner("\"" + content + "\"" + around.repeat(20)).string())
                        .isEqualTo(content);
            }
        }
    }

    @Test
    void anEscapedQuoteDoesNotEndAStringWhereverItStands() throws JsonScanner.NotJson {
        for (int before = 0; before < 20; before++) {
            for (int after = 0; after < 20; after++) {
                String content = "x".repeat(before) + "\\\"" + "y".repeat(after);
                assertThat(scanner("\"" + content + "\",").string()).isEqualTo(content.replace("\\", ""));
            }
        }
    }

    @Test
    void aControlCharacterInAStringIsRefusedWhereverItStands() {
        for (char control = 0; control < ' '; control++) {
            for (int before = 0; before < 20; before++) {
                String text = "\"" + "\u00e4".repeat(before) + control + "behind it, eight more\"";
                assertThatExceptionOfType(JsonScanner.NotJson.class)
                        .as("%d behind %d", (int) control, before)
                        .isThrownBy(() -> scanner(text).string());
            }
        }
    }

    @Test
    void aStringWithoutAnEndIsRefusedHoweverLongItIs() {
        for (int length = 0; length < 20; length++) {
            String text = "\"" + "x".repeat(length);
            assertThatExceptionOfType(JsonScanner.NotJson.class)
                    .isThrownBy(() -> scanner(text).string());
        }
    }

    @Test
    void nothingBeyondTheEndIsRead() {
        byte[] bytes = "\"abc\"".getBytes(StandardCharsets.UTF_8);
        JsonScanner json = new JsonScanner(1);
        json.read(bytes, 0, bytes.length - 1);
        assertThatExceptionOfType(JsonScanner.NotJson.class).isThrownBy(json::string);
    }

    @Test
    void aWordIsKnownByWhatItSaysNotByHowItIsWritten() throws JsonScanner.NotJson {
        JsonScanner json = scanner("\"t\\u0079pe\"\"type\"\"types\"");
        json.takeText();
        assertThat(json.textIs("type")).isTrue();
        json.takeText();
        assertThat(json.textIs("type")).isTrue();
        json.takeText();
        assertThat(json.textIs("type")).isFalse();
    }

    private static JsonScanner scanner(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonScanner(bytes, bytes.length, 1);
    }
}
