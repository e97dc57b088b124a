// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** Writes text as JSON, for data that an application puts together itself. Safe from any thread. */
public final class JsonString {

    private JsonString() {}

    /**
     * Returns the text as a JSON string with its quotes, which is data already: {@code a "b"} becomes {@code "a
     * \"b\""}. Half a surrogate pair, which UTF-8 cannot carry, becomes an escape.
     */
    public static String of(String text) {
        String quoted =
                JsonText.quote(new StringBuilder(text.length() + 2), text).toString();
        return Utf8Text.bytes(text) < 0 ? withoutHalfPairs(quoted) : quoted;
    }

    private static String withoutHalfPairs(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
                out.append("\\u").append(Integer.toHexString(point));
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }
}
