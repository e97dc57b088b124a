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

    /** The characters there are, sorted. */
    private final int[] letters;

    /** How many words have a bit for each part, and one for the end. */
    private final int words;

    /** For each of the letters, then for {@code *} and for {@code **}, the bits of the parts that are this. */
    private final long[] places;

    private ChannelPattern(String text, int[] parts) {
        this.text = text;
        this.parts = parts;
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

    /** A name as it is compared; for who compares one with many patterns. */
    public static int[] symbols(String name) {
        int[] symbols = new int[name.length()];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = name.charAt(i);
        }
        return symbols;
    }

    /** Whether the name of these {@link #symbols} matches. */
    public boolean matches(int[] symbols) {
        return accepts(symbols, true);
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

    /**
     * Follows all ways at once: bit {@code i} of what is reached says that what was read so far can be the first {@code i}
     * parts.
     *
     * @param isStarPlain whether a wildcard may stand for the character {@code *}
     */
    private boolean accepts(int[] symbols, boolean isStarPlain) {
        int star = row(STAR);
        int doubleStar = row(DOUBLE_STAR);
        long[] reached = new long[words];
        reached[0] = 1 | (((places[star] | places[doubleStar]) & 1) << 1); // a wildcard may stand for nothing
        for (int symbol : symbols) {
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
            if (alive == 0) {
                return false;
            }
        }
        return (reached[words - 1] >>> parts.length & 1) != 0; // modulo 64
    }

    private static boolean isSpecial(char c) {
        return c == '*' || c == '\\';
    }
}
