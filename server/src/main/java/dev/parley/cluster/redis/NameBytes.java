// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import java.nio.charset.StandardCharsets;

/**
 * Names as bytes, different ones for different names: UTF-8, in which half of a surrogate pair has three bytes like any
 * other character (https://simonsapin.github.io/wtf-8/). Java would make a question mark of it.
 */
final class NameBytes {

    private NameBytes() {}

    static byte[] of(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return hasLoneSurrogate(name) ? withSurrogates(name) : bytes;
    }

    static String read(byte[] bytes, int from, int to) {
        for (int i = from; i + 1 < to; i++) {
            if (bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0) { // a surrogate, which UTF-8 does not have
                return readSurrogates(bytes, from, to);
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static boolean hasLoneSurrogate(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isSurrogate(name.charAt(i))) {
                int point = name.codePointAt(i);
                if (point <= 0xFFFF) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static byte[] withSurrogates(String name) {
        ByteWriter bytes = new ByteWriter(name.length() * 3);
        for (int i = 0; i < name.length(); ) {
            int point = name.codePointAt(i);
            int units = Character.charCount(point);
            if (units == 1 && Character.isSurrogate((char) point)) {
                bytes.raw((byte) (0xE0 | (point >> 12)));
                bytes.raw((byte) (0x80 | ((point >> 6) & 0x3F)));
                bytes.raw((byte) (0x80 | (point & 0x3F)));
            } else {
                bytes.raw(name.substring(i, i + units).getBytes(StandardCharsets.UTF_8));
            }
            i += units;
        }
        return bytes.end();
    }

    private static String readSurrogates(byte[] bytes, int from, int to) {
        StringBuilder name = new StringBuilder(to - from);
        int plain = from;
        for (int i = from; i < to; i++) {
            if (i + 2 < to && bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0) {
                name.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
                name.append((char) (0xD000 | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F)));
                i += 2;
                plain = i + 1;
            }
        }
        return name.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8))
                .toString();
    }
}
