// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.time.Duration;
import java.util.Optional;

/**
 * What counts where nothing is written, as it would be written in the environment.
 *
 * @param text in general
 * @param strict with the strict profile of limits
 * @param development in development mode
 * @param isRequired whether something must be written
 */
record DefaultValue(Optional<String> text, Optional<String> strict, Optional<String> development, boolean isRequired) {

    /** The setting is required. */
    static final DefaultValue REQUIRED = new DefaultValue(Optional.empty(), Optional.empty(), Optional.empty(), true);

    /** Without a value, the feature of the setting is off. */
    static final DefaultValue NONE = new DefaultValue(Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** Returns a default that is the same in all modes. */
    static DefaultValue of(String text) {
        return new DefaultValue(Optional.of(text), Optional.empty(), Optional.empty(), false);
    }

    static DefaultValue of(long number) {
        return of(Long.toString(number));
    }

    /** Written in the largest unit that needs no fraction. */
    static DefaultValue ofBytes(int bytes) {
        if (bytes % (1 << 20) == 0) {
            return of((bytes >> 20) + "MiB");
        }
        return of(bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : Integer.toString(bytes));
    }

    /** Written in seconds, or in milliseconds where those would be a fraction. */
    static DefaultValue of(Duration time) {
        return of(time.toMillisPart() == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms");
    }

    DefaultValue strict(String other) {
        return new DefaultValue(text, Optional.of(other), development, isRequired);
    }

    DefaultValue development(String other) {
        return new DefaultValue(text, strict, Optional.of(other), isRequired);
    }

    /** Returns the default for this mode; empty without one. */
    Optional<String> in(boolean isStrict, boolean isDevelopment) {
        Optional<String> special = isDevelopment && development.isPresent() ? development : Optional.empty();
        return special.or(() -> isStrict && strict.isPresent() ? strict : text);
    }
}
