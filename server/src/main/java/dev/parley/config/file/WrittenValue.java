// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What somebody wrote, before its meaning is known. Lines count from 1; what was written in no file has line 0. */
sealed interface WrittenValue {

    /** Returns the line where the value begins. */
    int line();

    /**
     * A single value.
     *
     * @param isPlain whether it stands without quotes
     */
    record Text(int line, String text, boolean isPlain) implements WrittenValue {

        private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

        /** Whether it says that there is no value. */
        boolean isNothing() {
            return isPlain && NOTHING.contains(text);
        }
    }

    /** A list. */
    record Items(int line, List<WrittenValue> items) implements WrittenValue {

        public Items {
            items = List.copyOf(items);
        }
    }

    /**
     * A section.
     *
     * @param fields what is in it, in the order of the file
     */
    record Fields(int line, Map<String, Field> fields) implements WrittenValue {}

    /**
     * One key of a section.
     *
     * @param line where the key stands
     */
    record Field(int line, WrittenValue value) {}
}
