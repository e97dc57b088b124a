// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.nio.charset.StandardCharsets;

/** What is signaled: JSON of a given size that looks like a session description, escapes and all. */
public final class SignalData {

    /** The least: more than any server's own short messages. */
    static final int MIN_BYTES = 64;

    private static final String BEGIN = "{\"type\":\"offer\",\"sdp\":\"";
    private static final String END = "\"}";
    private static final String LINE =
            "a=candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0\\r\\n";

    private SignalData() {}

    /** Of exactly so many bytes, all of them ASCII. */
    public static String json(int bytes) {
        StringBuilder text = new StringBuilder(bytes).append(BEGIN);
        int end = bytes - END.length();
        while (text.length() + LINE.length() <= end) {
            text.append(LINE);
        }
        while (text.length() < end) {
            text.append('a');
        }
        return text.append(END).toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
