// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** One of the words of an option. */
final class OptionChoice {

    private OptionChoice() {}

    /**
     * The value meant.
     *
     * @throws TypeConversionException if the word is unknown, with all words there are
     */
    static <E extends Enum<E>> E of(String word, E[] values) {
        List<String> words = new ArrayList<>();
        for (E value : values) {
            String known = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (known.equals(word)) {
                return value;
            }
            words.add(known);
        }
        throw new TypeConversionException("'" + word + "' must be one of " + String.join(", ", words));
    }
}
