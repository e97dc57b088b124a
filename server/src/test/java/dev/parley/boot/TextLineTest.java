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

class TextLineTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.parley.transport.Something");

    @Test
    void anEventIsOneLineWithItsLevelsInAColumn() {
        assertThat(line(Level.WARN, "hello {}", null, "you"))
                .isEqualTo("2026-01-02T03:04:05.006Z WARN  Something hello you\n");
        assertThat(line(Level.ERROR, "hello", null)).isEqualTo("2026-01-02T03:04:05.006Z ERROR Something hello\n");
    }

    @Test
    void whatEndsALineOrTurnsItIsASpaceAndARunOfItOne() {
        assertThat(line(Level.INFO, "{}", null, "a\r\nb\u0085c\u2028\u202ed\u001b[31me\u007f"))
                .endsWith(" Something a b c d [31me \n");
        assertThat(line(Level.INFO, "{}", null, "\uD83D\uDE00 \u00E9")).endsWith(" Something \uD83D\uDE00 \u00E9\n");
    }

    @Test
    void aFailureStandsBelow() {
        String text = line(Level.ERROR, "failed", new IllegalStateException("why"));
        assertThat(text.lines().limit(2))
                .containsExactly(
                        "2026-01-02T03:04:05.006Z ERROR Something failed", "java.lang.IllegalStateException: why");
        assertThat(text).endsWith("\n");
    }

    private static String line(Level level, String message, @Nullable Throwable failure, Object... arguments) {
        LoggingEvent event = new LoggingEvent("", LOG, level, message, failure, arguments);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        return new String(new TextLine().encode(event), StandardCharsets.UTF_8);
    }
}
