// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import dev.parley.core.port.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message of the server while it is put together: JSON, with a client's data at its end as the bytes it came in. */
public final class JsonBuilder {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    public JsonBuilder(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Appends these ASCII characters as they are. */
    @SuppressWarnings("deprecation") // the one call that copies ASCII without a detour
    public JsonBuilder raw(String ascii) {
        int more = ascii.length();
        ensure(more);
        ascii.getBytes(0, more, bytes, length);
        length += more;
        return this;
    }

    /** Appends JSON that is valid already. */
    public JsonBuilder json(String valid) {
        return append(valid.getBytes(StandardCharsets.UTF_8));
    }

    public JsonBuilder number(long value) {
        return raw(Long.toString(value));
    }

    /** Appends a JSON string of this value. A lone surrogate, which UTF-8 cannot hold, is escaped. */
    public JsonBuilder string(String value) {
        int chars = value.length();
        if (isPlain(value)) {
            ensure(2 + chars);
            bytes[length++] = '"';
            raw(value);
            bytes[length++] = '"';
            return this;
        }
        ensure(2 + chars * 6);
        bytes[length++] = '"';
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = (byte) c;
            } else if (c >= ' ' && c < 0x80) {
                bytes[length++] = (byte) c;
            } else if (c < ' ') {
                escape(c);
            } else if (!Character.isSurrogate(c)) {
                utf8(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < chars && Character.isLowSurrogate(value.charAt(i + 1))) {
                utf8(Character.toCodePoint(c, value.charAt(++i)));
            } else {
                escape(c);
            }
        }
        bytes[length++] = '"';
        return this;
    }

    /** Returns the size of the text so far, in bytes. */
    public int length() {
        return length;
    }

    /** Begins anew, with the same memory. */
    public JsonBuilder clear() {
        length = 0;
        return this;
    }

    /** Appends a client's data, and the end of the object. What is returned is valid until more is appended. */
    public Payload end(Payload clientData) {
        ensure(clientData.length() + 1);
        System.arraycopy(clientData.bytes(), clientData.offset(), bytes, length, clientData.length());
        length += clientData.length();
        bytes[length++] = '}';
        return new Payload(bytes, 0, length);
    }

    /** Appends the end of the object. What is returned is valid until more is appended. */
    public Payload end() {
        return raw("}").payload();
    }

    /** What it holds, valid until more is appended. */
    public Payload payload() {
        return new Payload(bytes, 0, length);
    }

    /** Returns the JSON built so far. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Returns how many bytes the text has in UTF-8, without encoding it. A lone surrogate counts 3. */
    public static int utf8Bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 2; // two chars, four bytes
                i++;
            } else {
                bytes += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
            }
        }
        return bytes;
    }

    /** Whether a JSON string of this value is made of its own characters, one byte each. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private JsonBuilder append(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    private void utf8(int codePoint) {
        if (codePoint < 0x800) {
            bytes[length++] = (byte) (0xC0 | (codePoint >> 6));
        } else {
            if (codePoint < 0x1_0000) {
                bytes[length++] = (byte) (0xE0 | (codePoint >> 12));
            } else {
                bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
                bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            }
            bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        }
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(c >> shift) & 0xF];
        }
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
