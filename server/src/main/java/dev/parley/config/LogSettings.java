// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/**
 * What is logged, and how.
 *
 * @param format how a line looks
 * @param level what is left out
 */
public record LogSettings(Format format, Level level) {

    /** How a line looks. */
    public enum Format {
        /** Lines for people. */
        TEXT,
        /** One JSON object a line. */
        JSON
    }

    /** The least important lines that are still written. */
    public enum Level {
        /** Nothing but failures. */
        ERROR,
        /** Also problems that operators should look at. */
        WARN,
        /** Also connections that open and close. */
        INFO,
        /** Everything. */
        DEBUG
    }

    /** Returns settings for text logs from {@link Level#INFO}. */
    public static LogSettings defaults() {
        return new LogSettings(Format.TEXT, Level.INFO);
    }
}
