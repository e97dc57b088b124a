// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import java.util.HashMap;
import java.util.Map;

/**
 * A second opinion on JSON: RFC 8259 read word by word, on characters, slowly. Knows nothing of the parser it judges.
 */
final class StrictJson {

    private final String text;
    private final int maxDepth;
    private int at;

    private StrictJson(String text, int maxDepth) {
        this.text = text;
        this.maxDepth = maxDepth;
    }

    /**
     * The members of the object that is the whole text, each with the text of its value.
     *
     * @throws IllegalArgumentException if it is no such thing, a key comes twice in it, or values are nested deeper
     */
    static Map<String, String> members(String text, int maxValueDepth) {
        StrictJson json = new StrictJson(text, maxValueDepth);
        json.space();
        Map<String, String> members = json.envelope();
        json.space();
        json.require(json.at == text.length(), "something follows");
        return members;
    }

    private Map<String, String> envelope() {
        Map<String, String> members = new HashMap<>();
        expect('{');
        space();
        if (!skip('}')) {
            do {
                space();
                String key = string();
                space();
                expect(':');
                space();
                int start = at;
                value(0);
                require(members.put(key, text.substring(start, at)) == null, "a key twice");
                space();
            } while (skip(','));
            expect('}');
        }
        return members;
    }

    private void value(int depth) {
        require(at < text.length(), "a value is missing");
        switch (text.charAt(at)) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void object(int depth) {
        require(depth <= maxDepth, "too deep");
        expect('{');
        space();
        if (skip('}')) {
            return;
        }
        do {
            space();
            string();
            space();
            expect(':');
            space();
            value(depth);
            space();
        } while (skip(','));
        expect('}');
    }

    private void array(int depth) {
        require(depth <= maxDepth, "too deep");
        expect('[');
        space();
        if (skip(']')) {
            return;
        }
        do {
            space();
            value(depth);
            space();
        } while (skip(','));
        expect(']');
    }

    private String string() {
        StringBuilder value = new StringBuilder();
        expect('"');
        while (!skip('"')) {
            require(at < text.length(), "a string without end");
            char c = text.charAt(at++);
            require(c >= ' ', "a control character in a string");
            value.append(c == '\\' ? escaped() : c);
        }
        return value.toString();
    }

    private char escaped() {
        require(at < text.length(), "an escape without end");
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                require(at + 4 <= text.length(), "an escape without end");
                String hex = text.substring(at, at + 4);
                require(hex.matches("[0-9a-fA-F]{4}"), "an escape that is no number");
                at += 4;
                yield (char) Integer.parseInt(hex, 16);
            }
            default -> throw new IllegalArgumentException("an unknown escape");
        };
    }

    private void number() {
        skip('-');
        if (!skip('0')) {
            digits();
        }
        if (skip('.')) {
            digits();
        }
        if (skip('e') || skip('E')) {
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        require(at > start, "a digit is missing");
    }

    private void word(String word) {
        require(text.startsWith(word, at), "an unknown word");
        at += word.length();
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        require(skip(c), "no " + c);
    }

    private void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint + " at " + at);
        }
    }
}
