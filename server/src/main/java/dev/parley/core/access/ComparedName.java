// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * A channel name that is compared with many patterns, and the steps that this took: one step handles one character with
 * 64 parts of a pattern, and one step compares a literal prefix. For one thread.
 */
public final class ComparedName {

    private final int[] symbols;
    private final int lastSlash;
    private long steps;

    /** A name without comparisons so far. */
    public ComparedName(String name) {
        this.symbols = ChannelPattern.symbols(name);
        this.lastSlash = name.lastIndexOf('/');
    }

    /** Returns whether the name matches the pattern, and counts the steps. */
    public boolean compare(ChannelPattern pattern) {
        int taken = pattern.compare(symbols, lastSlash);
        steps += Math.abs(taken);
        return taken > 0;
    }

    /** Returns the steps of all comparisons so far. */
    public long steps() {
        return steps;
    }
}
