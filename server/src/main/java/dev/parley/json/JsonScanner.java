// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON (RFC 8259) where it lies, once, from front to back. The bytes must be valid UTF-8. A text that is not JSON
 * ends in {@link NotJson}.
 */
public final class JsonScanner {

    private static final byte[] NOTHING = {};
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    private byte[] bytes;
    private int end;
    private final int maxDepth;
    private int at;

    /** Where the characters of the last string that was taken begin. */
    private int textStart;

    /** The index behind the last character of that string. */
    private int textEnd;

    /** None of them was escaped. */
    private boolean isTextPlain;

    /** @param maxDepth how many arrays and objects may stand inside one another in a value that is skipped */
    public JsonScanner(byte[] bytes, int length, int maxDepth) {
        this(maxDepth);
        read(bytes, 0, length);
    }

    /** A scanner without a text; {@link #read} gives it one. */
    public JsonScanner(int maxDepth) {
        this.bytes = NOTHING;
        this.maxDepth = maxDepth;
    }

    /** Starts to read these bytes. */
    public void read(byte[] text, int offset, int length) {
        bytes = text;
        at = offset;
        end = offset + length;
    }

    /** The text breaks the grammar. The place is not reported, so it holds no trace. */
    public static final class NotJson extends Exception {

        private NotJson() {
            super("not JSON", null, false, false);
        }
    }

    /** Returns the index of the next byte. */
    public int position() {
        return at;
    }

    public boolean isAtEnd() {
        return at == end;
    }

    public void skipSpace() {
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
    }

    /** Takes the character if it is the next one. */
    public boolean take(char c) {
        if (at < end && bytes[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    public void expect(char c) throws NotJson {
        require(take(c));
    }

    /** Whether a string begins here. */
    public boolean isString() {
        return at < end && bytes[at] == '"';
    }

    /** Takes a string, and returns what it says. */
    public String string() throws NotJson {
        takeText();
        return text();
    }

    /** Takes a string; what it says is asked for by {@link #textIs} and {@link #text}. */
    public void takeText() throws NotJson {
        require(isString());
        int start = at + 1;
        isTextPlain = skipString();
        textStart = start;
        textEnd = at - 1;
    }

    /** What the last string that was taken says. */
    public String text() {
        String text = new String(bytes, textStart, textEnd - textStart, StandardCharsets.UTF_8);
        return isTextPlain ? text : unescape(text);
    }

    /** Whether the last string that was taken says this, which is ASCII. */
    public boolean textIs(String ascii) {
        if (!isTextPlain) {
            return text().equals(ascii);
        }
        int length = ascii.length();
        if (textEnd - textStart != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[textStart + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Takes the word if it is next. */
    public boolean takeWord(String word) {
        int length = word.length();
        if (end - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += length;
        return true;
    }

    /** Takes any value. */
    public void skipValue() throws NotJson {
        skipValue(0);
    }

    private void skipValue(int depth) throws NotJson {
        require(at < end);
        switch (bytes[at]) {
            case '"' -> skipString();
            case '{' -> skipObject(depth + 1);
            case '[' -> skipArray(depth + 1);
            case 't' -> require(takeWord("true"));
            case 'f' -> require(takeWord("false"));
            case 'n' -> require(takeWord("null"));
            default -> skipNumber();
        }
    }

    private void skipObject(int depth) throws NotJson {
        require(depth <= maxDepth);
        at++;
        skipSpace();
        if (take('}')) {
            return;
        }
        do {
            skipSpace();
            require(isString());
            skipString();
            skipSpace();
            expect(':');
            skipSpace();
            skipValue(depth);
            skipSpace();
        } while (take(','));
        expect('}');
    }

    private void skipArray(int depth) throws NotJson {
        require(depth <= maxDepth);
        at++;
        skipSpace();
        if (take(']')) {
            return;
        }
        do {
            skipSpace();
            skipValue(depth);
            skipSpace();
        } while (take(','));
        expect(']');
    }

    /** Returns whether the string has no escapes. */
    private boolean skipString() throws NotJson {
        boolean isPlain = true;
        at++;
        while (true) {
            skipPlain();
            require(at < end);
            byte b = bytes[at++];
            if (b == '"') {
                return isPlain;
            }
            require(b == '\\');
            isPlain = false;
            skipEscape();
        }
    }

    /** Goes on to the next quote, backslash or control character, eight bytes at a time. */
    private void skipPlain() {
        while (end - at >= Long.BYTES) {
            long eight = (long) LONG.get(bytes, at);
            long found = zeroes(eight ^ ONES * '"') | zeroes(eight ^ ONES * '\\') | below(eight);
            if (found != 0) {
                at += Long.numberOfTrailingZeros(found) / Byte.SIZE;
                return;
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] >= ' ' || bytes[at] < 0)) {
            at++;
        }
    }

    /** The high bit of each byte that is 0; above the lowest of them also of others, which nobody looks at. */
    private static long zeroes(long eight) {
        return (eight - ONES) & ~eight & HIGH_BITS;
    }

    /** The highest bit of each byte that is a control character: beyond ASCII, bytes are parts of longer characters. */
    private static long below(long eight) {
        return (eight - ONES * ' ') & ~eight & HIGH_BITS;
    }

    private void skipEscape() throws NotJson {
        require(at < end);
        switch (bytes[at++]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {}
            case 'u' -> {
                require(end - at >= 4);
                for (int i = 0; i < 4; i++) {
                    require(Character.digit(bytes[at++], 16) >= 0);
                }
            }
            default -> throw new NotJson();
        }
    }

    private void skipNumber() throws NotJson {
        take('-');
        if (!take('0')) {
            skipDigits();
        }
        if (take('.')) {
            skipDigits();
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            skipDigits();
        }
    }

    private void skipDigits() throws NotJson {
        int start = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        require(at > start);
    }

    /** A half of a surrogate pair may stand alone, as JSON allows and {@code JSON.stringify} writes it. */
    private static String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            c = escaped.charAt(++i);
            text.append(
                    switch (c) {
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 'u' -> {
                            i += 4;
                            yield (char) Integer.parseInt(escaped, i - 3, i + 1, 16);
                        }
                        default -> c;
                    });
        }
        return text.toString();
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static void require(boolean holds) throws NotJson {
        if (!holds) {
            throw new NotJson();
        }
    }
}
