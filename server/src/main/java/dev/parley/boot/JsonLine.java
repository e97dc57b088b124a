// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** An event of the log as one JSON object in a line of its own. */
final class JsonLine extends EncoderBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        String logger = event.getLoggerName();
        field(line.append('{'), "time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        field(line.append(','), "level", event.getLevel().toString());
        field(line.append(','), "logger", logger.substring(logger.lastIndexOf('.') + 1));
        field(line.append(','), "message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            field(line.append(','), "failure", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
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

    /** Whether it is no control character, no line end of any kind, and does not turn the direction of a line. */
    private static boolean isHarmless(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
