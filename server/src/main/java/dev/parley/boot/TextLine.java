// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

/**
 * An event of the log as a line for people, a failure below it. Written here because Logback's patterns take 10 ms of a
 * start to be understood.
 */
final class TextLine extends LogLine {

    private static final int LEVEL_WIDTH = 5;

    @Override
    void write(ILoggingEvent event, StringBuilder line) {
        String level = event.getLevel().toString();
        line.append(time(event)).append(' ').append(level).repeat(' ', LEVEL_WIDTH - level.length() + 1);
        line.append(logger(event)).append(' ');
        appendMessage(event.getFormattedMessage(), line);
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    /** What is not harmless is a space, and a run of it one. */
    private static void appendMessage(String message, StringBuilder line) {
        boolean isInRun = false;
        for (int i = 0; i < message.length(); i++) {
            char character = message.charAt(i);
            boolean isHarmless = isHarmless(character);
            if (isHarmless) {
                line.append(character);
            } else if (!isInRun) {
                line.append(' ');
            }
            isInRun = !isHarmless;
        }
    }
}
