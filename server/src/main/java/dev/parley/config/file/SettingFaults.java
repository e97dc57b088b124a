// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the faults of a configuration, so that all of them are reported at once. For one thread. */
final class SettingFaults {

    private final List<String> lines = new ArrayList<>();

    /** Something that may find a fault. */
    @FunctionalInterface
    interface Check {

        /** Ends at the first fault it finds. */
        void run() throws SettingException;
    }

    /** Something that is made, unless it has a fault. */
    @FunctionalInterface
    interface Part<T> {

        /** Returns what was made. */
        T make() throws SettingException;
    }

    /** Runs a check and records what it finds. */
    void check(Check check) {
        try {
            check.run();
        } catch (SettingException e) {
            lines.addAll(e.lines());
        }
    }

    /** Returns what was made; null if it has a fault, which is recorded. */
    <T> @Nullable T part(Part<T> part) {
        try {
            return part.make();
        } catch (SettingException e) {
            lines.addAll(e.lines());
            return null;
        }
    }

    /** Ends the reading if any fault was recorded. */
    void throwIfAny() throws SettingException {
        if (!lines.isEmpty()) {
            throw new SettingException(lines);
        }
    }
}
