// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.parley.config.LogSettings;
import org.slf4j.LoggerFactory;

/**
 * Logging to standard output, one line an event. Found by Logback through its service file, so no XML is parsed.
 *
 * <p>Lines are written by a thread of their own: when whoever reads them is slow, lines are dropped, and no loop waits.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    /** Libraries have no details to tell to operators: their lines begin at info. */
    private static final String PARLEY = "dev.parley";

    /** The logger of lines that are printed at any level: where the server listens. */
    public static final String ALWAYS = "dev.parley.start";

    /** Lines that may wait to be written; when four fifths are taken, only warnings and errors still get in. */
    private static final int QUEUE = 8192;

    /** Logs like this from now on. Before the settings are known it is text, from info. */
    public static void apply(LogSettings settings) {
        apply(settings, (LoggerContext) LoggerFactory.getILoggerFactory());
    }

    static void apply(LogSettings settings, LoggerContext context) {
        Logger root = root(context);
        Level level = Level.toLevel(settings.level().name());
        context.getLogger(PARLEY).setLevel(level);
        context.getLogger(ALWAYS).setLevel(Level.INFO);
        root.setLevel(level == Level.DEBUG ? Level.INFO : level);
        if (settings.format() == LogSettings.Format.JSON) {
            root.detachAndStopAllAppenders();
            root.addAppender(unhurried(console(new JsonLine(), context), context));
        }
    }

    /** Writes what still waits. Nothing is logged afterwards. */
    public static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = root(context);
        root.setLevel(Level.INFO);
        root.addAppender(unhurried(console(new TextLine(), context), context));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static ConsoleAppender<ILoggingEvent> console(LogLine encoder, LoggerContext context) {
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    private static AsyncAppender unhurried(ConsoleAppender<ILoggingEvent> console, LoggerContext context) {
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setQueueSize(QUEUE);
        async.setNeverBlock(true);
        async.addAppender(console);
        async.start();
        return async;
    }
}
