// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

class JsonLineTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.parley.transport.Something");

    @Test
    void anEventIsOneJsonObject() {
        assertThat(line("hello {}", null, "you"))
                .isEqualTo("{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"WARN\",\"logger\":\"Something\","
                        + "\"message\":\"hello you\"}\n");
    }

    @Test
    void nothingInAMessageEndsTheLineOrTheText() {
        StringBuilder nasty = new StringBuilder();
        for (char character = 0; character < 0x100; character++) {
            nasty.append(character);
        }
        nasty.append("\u2028\u2029\uD83D\uDE00");

        String line = line("{}", null, nasty.toString());

        assertThat(line.substring(0, line.length() - 1))
                .matches("[^\\p{Cntrl}\u0080-\u009f\u2028\u2029]*")
                .doesNotContain("\n");
        assertThat(value(line, "message")).isEqualTo(nasty.toString());
    }

    @Test
    void aFailureIsPartOfTheLine() {
        String line = line("failed", new IllegalStateException("why\n\"quoted\""));
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(value(line, "failure")).startsWith("java.lang.IllegalStateException: why\n\"quoted\"");
    }

    private static String line(String message, @Nullable Throwable failure, Object... arguments) {
        LoggingEvent event = new LoggingEvent("", LOG, Level.WARN, message, failure, arguments);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        return new String(new JsonLine().encode(event), StandardCharsets.UTF_8);
    }

    /** The value of that field, found by a parser that is not ours. */
    private static String value(String line, String name) {
        try (JsonParser parser = new JsonFactory().createParser(tools.jackson.core.ObjectReadContext.empty(), line)) {
            String found = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals(name)) {
                    parser.nextToken();
                    found = parser.getString();
                }
            }
            return found;
        }
    }
}
