// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.LogSettings;

/** {@code log}: what is logged. */
final class LogSection {

    static final SettingTable KEYS = new SettingTable();

    private static final SettingKey<LogSettings.Format> FORMAT = KEYS.add(
            "log.format",
            ValueKinds.choice(LogSettings.Format.values()),
            DefaultValue.of("text"),
            "How a line of the log looks: for people, or one JSON object.");

    private static final SettingKey<LogSettings.Level> LEVEL = KEYS.add(
            "log.level",
            ValueKinds.choice(LogSettings.Level.values()),
            DefaultValue.of("info"),
            "The least important lines that are written.");

    private LogSection() {}

    static LogSettings read(SectionValues values) {
        return new LogSettings(values.get(FORMAT), values.get(LEVEL));
    }
}
