// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

/** What clients say in benchmarks: messages of 1,024 bytes, of which most are data. */
public final class Messages {

    /** The bytes of a message. */
    public static final int BYTES = 1024;

    private Messages() {}

    /** To one peer. */
    public static String send(String to) {
        return filled("{\"type\":\"send\",\"to\":\"" + to + "\"");
    }

    /** The same message with a request id, which asks for an answer. */
    public static String acknowledgedSend(String to) {
        return filled("{\"type\":\"send\",\"to\":\"" + to + "\",\"requestId\":\"r1\"");
    }

    /** To everyone in a channel. */
    public static String publish(String channel) {
        return filled("{\"type\":\"publish\",\"channel\":\"" + channel + "\"");
    }

    private static String filled(String beginning) {
        String opened = beginning + ",\"data\":{\"sdp\":\"";
        String closed = "\"}}";
        return opened + "x".repeat(BYTES - opened.length() - closed.length()) + closed;
    }
}
