// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.regex.Pattern;

/**
 * What others wrote, as it may stand in a line for the user: short, in one line, and never a secret out of its place.
 */
final class QuotedInput {

    /** Shorter than any secret, so that a secret written where a key belongs is not shown. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,31}");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\u0085\u2028\u2029]");

    private QuotedInput() {}

    /** A key, or a stand-in for what can be none. */
    static String key(String name) {
        return KEY.matcher(name).matches() ? name : "(not shown)";
    }

    /** Returns the text in one line. */
    static String line(String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }
}
