// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the faults of a configuration, so that all of them are reported at once. For one thread. */
final class SettingFaults {

    private final List<String> lines = new ArrayList<>();

    /** Whether there was a fault, also one that is recorded elsewhere. */
    private boolean isIncomplete;

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
            record(e);
        } catch (FaultyValueException e) {
            isIncomplete = true;
        }
    }

    /** Returns what was made; null if it has a fault, which is recorded. */
    <T> @Nullable T part(Part<T> part) {
        try {
            return part.make();
        } catch (SettingException e) {
            record(e);
            return null;
        } catch (FaultyValueException e) {
            isIncomplete = true;
            return null;
        }
    }

    /** Whether there was any fault. */
    boolean isAny() {
        return isIncomplete;
    }

    /** Ends what is made if any fault was recorded, here or where a value was read that is needed here. */
    void throwIfAny() throws SettingException {
        if (isIncomplete) {
            throw new SettingException(lines);
        }
    }

    private void record(SettingException faults) {
        lines.addAll(faults.lines());
        isIncomplete = true;
    }
}
