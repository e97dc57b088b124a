// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** What UTF-8 makes of text. */
final class Utf8Text {

    private Utf8Text() {}

    /** Returns the length of the text in UTF-8; -1 if it contains a lone surrogate, which has no encoding. */
    static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else if (Character.isSurrogate(unit)) {
                return -1;
            } else {
                bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }

    /**
     * The name, if it can be one. What else the server has against it, it says.
     *
     * @throws IllegalArgumentException if it is longer, or has half a surrogate pair
     */
    static String name(String name, int maxLength) {
        if (name.length() > maxLength || bytes(name) < 0) {
            throw new IllegalArgumentException(
                    "a name of more than " + maxLength + " characters, or not of characters");
        }
        return name;
    }
}
