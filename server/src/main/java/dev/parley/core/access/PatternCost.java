// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * The steps that comparing a name with some patterns takes at most, see {@link ComparedName}.
 *
 * @param fixed for any name
 * @param perCharacter for each character of the name, in addition
 */
public record PatternCost(long fixed, long perCharacter) {

    /** That of no patterns. */
    public static final PatternCost NONE = new PatternCost(0, 0);

    /** Returns the cost of both together. */
    public PatternCost plus(PatternCost other) {
        return new PatternCost(fixed + other.fixed, perCharacter + other.perCharacter);
    }

    /** Returns the steps for a name. */
    public long steps(String name) {
        return fixed + perCharacter * name.length();
    }
}
