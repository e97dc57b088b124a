// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import java.util.List;
import java.util.Random;

/** Makes up JSON values, in all the ways there are to write one: the same from the same seed. */
final class AnyJson {

    private static final int MAX_DEPTH = 64;

    /** Longer ones would be several packets each, which other tests are about. */
    private static final int MAX_LENGTH = 8_000;

    private static final List<String> PIECES = List.of(
            "a",
            " ",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b\\f\\n\\r\\t",
            "\\u0000",
            "\\u0041",
            "\\uD83D\\uDE00",
            "\\ud800",
            "\\udfff\\ud800",
            "\u2028",
            "\u2029",
            "\ud83d\ude00",
            "\u00e9e\u0301",
            "\u200b\u202e\ufeff\u007f",
            "v=0\\r\\no=- 46117317 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\na=ice-ufrag:F7gI\\r\\n",
            "candidate:1 1 UDP 2122252543 192.0.2.7 49203 typ host",
            "__proto__",
            "data");

    private static final List<String> BLANKS = List.of("", "", "", " ", "\t", "\r\n", " \n ");

    private final Random random;

    AnyJson(long seed) {
        random = new Random(seed);
    }

    /** One without blanks around it. */
    String next() {
        StringBuilder value = new StringBuilder();
        if (random.nextInt(10) == 0) {
            deep(value, 1 + random.nextInt(MAX_DEPTH - 1));
        } else {
            value(value, 1 + random.nextInt(6));
        }
        return value.toString();
    }

    /** One of so many levels. */
    private void deep(StringBuilder value, int depth) {
        StringBuilder end = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            if (random.nextBoolean()) {
                value.append('[');
                end.insert(0, ']');
            } else {
                value.append('{');
                string(value);
                value.append(':');
                end.insert(0, '}');
            }
        }
        value(value, 0);
        value.append(end);
    }

    /** One of so many levels at most. */
    private void value(StringBuilder value, int depth) {
        int kind = random.nextInt(value.length() > MAX_LENGTH || depth == 0 ? 4 : 8);
        switch (kind) {
            case 0 -> value.append(List.of("null", "true", "false").get(random.nextInt(3)));
            case 1 -> number(value);
            case 2, 3 -> string(value);
            case 4, 5 -> members(value, depth, '[', ']');
            default -> members(value, depth, '{', '}');
        }
    }

    private void members(StringBuilder value, int depth, char begin, char end) {
        value.append(begin);
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            value.append(i == 0 ? "" : ",").append(blanks());
            if (begin == '{') {
                string(value);
                value.append(blanks()).append(':').append(blanks());
            }
            value(value, depth - 1);
            value.append(blanks());
        }
        value.append(end);
    }

    private void string(StringBuilder value) {
        value.append('"');
        for (int i = random.nextInt(8); i > 0; i--) {
            value.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        value.append('"');
    }

    private void number(StringBuilder value) {
        value.append(random.nextBoolean() ? "-" : "");
        value.append(random.nextInt(4) == 0 ? "0" : "1" + digits());
        value.append(random.nextInt(3) == 0 ? "." + random.nextInt(10) + digits() : "");
        value.append(random.nextInt(3) == 0 ? List.of("e", "E+", "e-").get(random.nextInt(3)) + digits() + "0" : "");
    }

    private String digits() {
        StringBuilder digits = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(8) == 0 ? 400 : 20); i > 0; i--) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private String blanks() {
        return BLANKS.get(random.nextInt(BLANKS.size()));
    }
}
