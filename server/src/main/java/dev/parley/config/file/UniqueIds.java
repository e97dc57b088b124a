// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.HashMap;
import java.util.Map;

/**
 * Ids that may be given once only.
 *
 * @param <I> what identifies something
 */
final class UniqueIds<I> {

    private final Map<I, SourceLocation> known = new HashMap<>();
    private final String rule;

    /** @param rule the rule, for whoever gave an id twice */
    UniqueIds(String rule) {
        this.rule = rule;
    }

    /** Adds an id, and refuses one that was added before. */
    void add(I id, SourceLocation place) throws SettingException {
        SourceLocation first = known.putIfAbsent(id, place);
        if (first != null) {
            throw place.refused("is the same as " + first.key() + (first.line() == 0 ? "" : " in line " + first.line())
                    + ": " + rule);
        }
    }
}
