// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.Arrays;

/**
 * A pattern of channel names: {@code *} stands for any run of characters but {@code /}, {@code **} for any run at all,
 * {@code \*} and {@code \\} for themselves; everything else for itself. The whole name must match, each letter in
 * its case.
 *
 * <p>Matching takes at most the length of the pattern times that of the name in steps: all ways to match are followed
 * at once, so no pattern makes it slow.
 */
public final class ChannelPattern {

    /** Stand for the wildcards among the characters of a pattern. */
    private static final int STAR = -1;

    private static final int DOUBLE_STAR = -2;

    private final String text;

    /** Characters and wildcards, no two wildcards next to each other. */
    private final int[] parts;

    private ChannelPattern(String text, int[] parts) {
        this.text = text;
        this.parts = parts;
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
        return accepts(name.chars().toArray(), true);
    }

    /** Whether the name matches, its asterisks being named by the pattern and not only covered by a wildcard. */
    public boolean names(String name) {
        return accepts(name.chars().toArray(), false);
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
     * Follows all ways at once: {@code reached[i]} says that what was read so far can be the first {@code i} parts.
     *
     * @param isStarPlain whether a wildcard may stand for the character {@code *}
     */
    private boolean accepts(int[] symbols, boolean isStarPlain) {
        boolean[] reached = new boolean[parts.length + 1];
        reached[0] = true;
        passWildcards(reached);
        for (int symbol : symbols) {
            boolean[] next = new boolean[parts.length + 1];
            boolean isAlive = false;
            for (int i = 0; i < parts.length; i++) {
                if (!reached[i]) {
                    continue;
                }
                if (parts[i] >= 0) {
                    next[i + 1] |= parts[i] == symbol;
                    isAlive |= next[i + 1];
                } else if (takes(parts[i], symbol) && (isStarPlain || symbol != '*')) {
                    next[i] = true;
                    isAlive = true;
                }
            }
            if (!isAlive) {
                return false;
            }
            passWildcards(next);
            reached = next;
        }
        return reached[parts.length];
    }

    /** A wildcard may stand for nothing. */
    private void passWildcards(boolean[] reached) {
        for (int i = 0; i < parts.length; i++) {
            if (reached[i] && parts[i] < 0) {
                reached[i + 1] = true;
            }
        }
    }

    private static boolean takes(int wildcard, int symbol) {
        return wildcard == DOUBLE_STAR || (symbol != DOUBLE_STAR && symbol != '/');
    }

    private static boolean isSpecial(char c) {
        return c == '*' || c == '\\';
    }
}
