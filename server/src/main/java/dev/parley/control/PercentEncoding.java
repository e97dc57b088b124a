// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent-encoding (RFC 3986 section 2.1) of UTF-8. */
final class PercentEncoding {

    private static final int HEX = 16;
    private static final int MAX_BYTE = 0xFF;

    private PercentEncoding() {}

    /**
     * What a part of a request target says, decoded once; null if an escape is broken or the bytes are not UTF-8. A
     * plus is a plus.
     *
     * @param encoded a character a byte, as it was sent
     */
    static @Nullable String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int value = i + 2 < encoded.length() ? octet(encoded.charAt(i + 1), encoded.charAt(i + 2)) : -1;
                if (value < 0) {
                    return null;
                }
                bytes.write(value);
                i += 2;
            } else if (c <= MAX_BYTE) {
                bytes.write(c);
            } else {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Below zero if these are not two hexadecimal digits. */
    private static int octet(char high, char low) {
        int first = digit(high);
        int second = digit(low);
        return first < 0 || second < 0 ? -1 : first * HEX + second;
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, HEX) : -1;
    }
}
