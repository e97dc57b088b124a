// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names that others chose, for lines of a log: nothing in them can be taken for another field. */
public final class Plain {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@+-]+");

    private Plain() {}

    /** The name as it is if it is made of usual characters, else as a JSON string. */
    public static String of(String name) {
        if (PLAIN.matcher(name).matches()) {
            return name;
        }
        Text text = new Text(name.length() + 2).string(name);
        byte[] bytes = new byte[text.length()];
        text.copyTo(ByteBuffer.wrap(bytes));
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
