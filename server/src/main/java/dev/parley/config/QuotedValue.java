// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/** A value that is wrong, as it may be repeated to whoever wrote it. */
public final class QuotedValue {

    /** One less than the length of the shortest secret: a value that may be a secret is not shown. */
    private static final int MAX_LENGTH = 31;

    private QuotedValue() {}

    /** The value in quotes, or how long it is. */
    public static String of(String value) {
        return value.length() > MAX_LENGTH ? "a value of " + value.length() + " characters" : "'" + value + "'";
    }
}
