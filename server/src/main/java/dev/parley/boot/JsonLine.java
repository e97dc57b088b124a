// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

/** An event of the log as one JSON object in a line of its own. */
final class JsonLine extends LogLine {

    @Override
    void write(ILoggingEvent event, StringBuilder line) {
        field(line.append('{'), "time", time(event));
        field(line.append(','), "level", event.getLevel().toString());
        field(line.append(','), "logger", logger(event));
        field(line.append(','), "message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            field(line.append(','), "failure", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        line.append("}\n");
    }

    private static void field(StringBuilder line, String name, String value) {
        line.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"', '\\' -> line.append('\\').append(character);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isHarmless(character)) {
                        line.append(character);
                    } else {
                        line.append(String.format("\\u%04x", (int) character));
                    }
                }
            }
        }
        line.append('"');
    }
}
