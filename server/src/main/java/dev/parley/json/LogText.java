// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import java.util.regex.Pattern;

/** Names that others chose, for lines of a log: nothing in them can be taken for another field. */
public final class LogText {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@+-]+");

    private LogText() {}

    /** The name as it is if it is made of usual characters, else as a JSON string. */
    public static String of(String name) {
        if (PLAIN.matcher(name).matches()) {
            return name;
        }
        return new JsonBuilder(name.length() + 2).string(name).toString();
    }
}
