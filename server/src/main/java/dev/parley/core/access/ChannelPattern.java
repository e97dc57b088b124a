// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.Arrays;

/**
 * A pattern of channel names: {@code *} stands for any run of characters but {@code /}, {@code **} for any run at all,
 * {@code \*} and {@code \\} for themselves; everything else for itself. The whole name must match, each letter in
 * its case.
 *
 * <p>All ways to match are followed at once, and 64 of them in one step, so no pattern makes it slow: whoever publishes
 * is compared with the patterns others have chosen.
 */
public final class ChannelPattern {

    /** Stand for the wildcards among the characters of a pattern. */
    private static final int STAR = -1;

    private static final int DOUBLE_STAR = -2;

    /** No character of any text. */
    private static final int NONE = Integer.MAX_VALUE;

    private final String text;

    /** Characters and wildcards, no two wildcards next to each other. */
    private final int[] parts;

    /** How many characters stand before the first wildcard. */
    private final int prefix;

    /** How many characters a name has at least that matches. */
    private final int leastLength;

    /** The characters there are, sorted. */
    private final int[] letters;

    /** How many words have a bit for each part, and one for the end. */
    private final int words;

    /** For each letter, then for {@code *} and {@code **}: a bit for each part of the pattern that is this one. */
    private final long[] places;

    private ChannelPattern(String text, int[] parts) {
        this.text = text;
        this.parts = parts;
        this.prefix = prefix(parts);
        this.leastLength = (int) Arrays.stream(parts).filter(part -> part >= 0).count();
        this.letters = Arrays.stream(parts)
                .filter(part -> part >= 0)
                .sorted()
                .distinct()
                .toArray();
        this.words = parts.length / Long.SIZE + 1;
        this.places = new long[(letters.length + 2) * words];
        for (int i = 0; i < parts.length; i++) {
            places[row(parts[i]) + i / Long.SIZE] |= 1L << i; // modulo 64
        }
    }

    private static int prefix(int[] parts) {
        int length = 0;
        while (length < parts.length && parts[length] >= 0) {
            length++;
        }
        return length;
    }

    /** Where the places of a part begin; less than zero for a letter that is not there. */
    private int row(int part) {
        int row = part >= 0 ? Arrays.binarySearch(letters, part) : letters.length + STAR - part;
        return row * words;
    }

    /** Every text is a pattern. */
    public static ChannelPattern of(String text) {
        int[] parts = new int[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isEscape = c == '\\' && i + 1 < text.length() && isSpecial(text.charAt(i + 1));
            boolean isDouble = c == '*' && text.startsWith("**", i);
            if (isEscape || isDouble) {
                i++;
            }
            int part = isEscape ? text.charAt(i) : isDouble ? DOUBLE_STAR : c == '*' ? STAR : c;
            if (part < 0 && length > 0 && parts[length - 1] < 0) {
                parts[length - 1] = Math.min(parts[length - 1], part); // two runs in a row: the wider one is both
            } else {
                parts[length++] = part;
            }
        }
        return new ChannelPattern(text, Arrays.copyOf(parts, length));
    }

    /** Returns what a comparison with a name costs at most. */
    public PatternCost cost() {
        boolean isOnlyPrefix = prefix >= parts.length - 1;
        return new PatternCost(prefixSteps(-1), isOnlyPrefix ? 0 : words);
    }

    /** Whether it has a wildcard. */
    public boolean isWild() {
        return Arrays.stream(parts).anyMatch(part -> part < 0);
    }

    /** Whether the name matches. */
    public boolean matches(String name) {
        if (parts.length == 1 && parts[0] == DOUBLE_STAR) {
            return true;
        }
        return matches(symbols(name));
    }

    /** Returns the characters of a name. */
    static int[] symbols(String name) {
        int[] symbols = new int[name.length()];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = name.charAt(i);
        }
        return symbols;
    }

    private boolean matches(int[] symbols) {
        return accepts(symbols, true);
    }

    /**
     * Compares a name, given as its {@link #symbols} and the index of its last slash or -1. Returns the steps that were
     * taken, negative if the name does not match.
     */
    int compare(int[] symbols, int lastSlash) {
        if (prefix == parts.length - 1 && parts[prefix] < 0) { // only a wildcard follows the prefix
            int difference = prefixDifference(symbols);
            boolean isMatch = difference < 0 && (parts[prefix] == DOUBLE_STAR || lastSlash < prefix);
            return isMatch ? prefixSteps(difference) : -prefixSteps(difference);
        }
        return follow(symbols, true);
    }

    /** Whether the name matches, its asterisks being named by the pattern and not only covered by a wildcard. */
    public boolean names(String name) {
        return accepts(symbols(name), false);
    }

    /** Whether every name the other matches matches this one. May say no where a closer look would say yes. */
    public boolean covers(ChannelPattern other) {
        return text.equals(other.text) || accepts(other.parts, true);
    }

    @Override
    public String toString() {
        return text;
    }

    private boolean accepts(int[] symbols, boolean isStarPlain) {
        return follow(symbols, isStarPlain) > 0;
    }

    /** Returns where the symbols differ from the literal prefix, -1 if they begin with it. */
    private int prefixDifference(int[] symbols) {
        return Arrays.mismatch(symbols, 0, Math.min(prefix, symbols.length), parts, 0, prefix);
    }

    private int prefixSteps(int difference) {
        return 1 + (difference < 0 ? prefix : difference) / Long.SIZE;
    }

    /**
     * Follows all ways at once, from the end of the literal prefix: bit {@code i} of what is reached says that what was
     * read so far can be the first {@code i} parts. Returns the steps that were taken, negative if the symbols do not
     * match.
     *
     * @param isStarPlain whether a wildcard may stand for the character {@code *}
     */
    private int follow(int[] symbols, boolean isStarPlain) {
        int difference = prefixDifference(symbols);
        int taken = prefixSteps(difference);
        if (difference >= 0 || symbols.length < leastLength) {
            return -taken;
        }
        if (prefix == parts.length) {
            return symbols.length == prefix ? taken : -taken;
        }
        int star = row(STAR);
        int doubleStar = row(DOUBLE_STAR);
        long[] reached = new long[words];
        reached[prefix / Long.SIZE] |= 1L << prefix; // modulo 64
        reached[(prefix + 1) / Long.SIZE] |= 1L << (prefix + 1); // a wildcard may stand for nothing
        for (int i = prefix; i < symbols.length; i++) {
            int symbol = symbols[i];
            int letter = row(symbol >= 0 ? symbol : NONE);
            boolean isForDouble = isStarPlain || symbol != '*';
            boolean isForStar = isForDouble && symbol != '/' && symbol != DOUBLE_STAR;
            long alive = 0;
            long step = 0;
            long pass = 0;
            for (int word = 0; word < words; word++) {
                long stars = places[star + word];
                long doubleStars = places[doubleStar + word];
                long stays = reached[word] & ((isForStar ? stars : 0) | (isForDouble ? doubleStars : 0));
                long steps = letter < 0 ? 0 : reached[word] & places[letter + word];
                long next = stays | steps << 1 | step;
                step = steps >>> 63;
                long passes = next & (stars | doubleStars);
                next |= passes << 1 | pass;
                pass = passes >>> 63;
                reached[word] = next;
                alive |= next;
            }
            taken += words;
            if (alive == 0) {
                return -taken;
            }
        }
        boolean isMatch = (reached[words - 1] >>> parts.length & 1) != 0; // modulo 64
        return isMatch ? taken : -taken;
    }

    private static boolean isSpecial(char c) {
        return c == '*' || c == '\\';
    }
}
