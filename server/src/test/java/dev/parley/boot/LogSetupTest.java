// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.parley.config.LogSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class LogSetupTest {

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void setUp() {
        new LogSetup().configure(context);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void theLevelIsTheLeastImportantThatIsLogged() {
        LogSetup.apply(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.WARN), context);
        assertThat(level("dev.parley.boot")).isEqualTo(Level.WARN);
        assertThat(level("io.netty")).isEqualTo(Level.WARN);
    }

    @Test
    void librariesTellNoDetails() {
        LogSetup.apply(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.DEBUG), context);
        assertThat(level("dev.parley.boot")).isEqualTo(Level.DEBUG);
        assertThat(level("io.netty")).isEqualTo(Level.INFO);
    }

    @Test
    void theFormatIsTextUntilSettingsSayJson() {
        assertThat(encoder()).isNotInstanceOf(JsonLine.class);
        LogSetup.apply(LogSettings.defaults(), context);
        assertThat(encoder()).isNotInstanceOf(JsonLine.class);
        LogSetup.apply(new LogSettings(LogSettings.Format.JSON, LogSettings.Level.INFO), context);
        assertThat(encoder()).isInstanceOf(JsonLine.class);
    }

    private Level level(String logger) {
        return context.getLogger(logger).getEffectiveLevel();
    }

    /** The encoder of the only appender there is. */
    private Encoder<ILoggingEvent> encoder() {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        AsyncAppender unhurried = (AsyncAppender) root.iteratorForAppenders().next();
        return ((ConsoleAppender<ILoggingEvent>)
                        unhurried.iteratorForAppenders().next())
                .getEncoder();
    }
}
