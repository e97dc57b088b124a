// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.Locale;
import java.util.Optional;

/**
 * A setting.
 *
 * @param path its name and the sections it is in; {@code []} marks a list of sections
 * @param kind what may stand there
 * @param standard the default
 * @param description what it is for, in a sentence
 */
record SettingKey<T>(String path, ValueKind<T> kind, DefaultValue standard, String description) {

    private static final String ROW = "[].";

    /** The key as it is written in its section. */
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The path inside of the innermost list of sections. */
    String pathInRow() {
        int row = path.lastIndexOf(ROW);
        return row < 0 ? path : path.substring(row + ROW.length());
    }

    /** The variable of the environment that sets it, if one can. */
    Optional<String> variable() {
        return path.contains("[]")
                ? Optional.empty()
                : Optional.of("PARLEY_"
                        + path.replaceAll("([a-z])([A-Z])", "$1_$2")
                                .replace('.', '_')
                                .toUpperCase(Locale.ROOT));
    }
}
