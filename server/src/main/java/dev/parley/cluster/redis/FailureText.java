// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;

/** What a failure of Redis, or of the way to it, means for an operator, and what to do about it. */
final class FailureText {

    private FailureText() {}

    /** Returns one line without a full stop. It is the same for failures with the same cause. */
    static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof UnknownHostException)) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        if (root instanceof UnknownHostException) {
            return "the host of the address is unknown";
        }
        if (root instanceof ConnectException && message.contains("refused")) {
            return "connection refused: does Redis run there?";
        }
        if (root instanceof ClosedChannelException || isDisconnected(message)) {
            return "the connection is lost";
        }
        return ofMessage(message.lines().findFirst().orElse(""), root);
    }

    private static boolean isDisconnected(String message) {
        return message.contains("Connection disconnected")
                || message.contains("Currently not connected")
                || message.contains("Connection reset")
                || message.contains("Connection is closed")
                || message.contains("Connection closed");
    }

    private static String ofMessage(String message, Throwable root) {
        if (message.contains("Invalid first byte")) {
            return "what answers there does not speak the protocol of Redis: look at the host and the port";
        }
        if (message.contains("valid certification path")) {
            return "its certificate is not trusted: cluster.authorities names the authorities that sign it";
        }
        if (message.contains("subject alternative") || message.contains("No name matching")) {
            return "its certificate is for another host: cluster.redis must have a name that it holds";
        }
        if (message.contains("initialization timed out")) {
            return "it accepts connections and does not answer: rediss:// needs TLS there, redis:// none";
        }
        return switch (message.split(" ", 2)[0]) {
            case "NOAUTH" -> "it asks for a password: set cluster.passwordFile, or cluster.password";
            case "WRONGPASS" -> "it refuses the user or the password: see cluster.user and cluster.passwordFile";
            case "NOPERM" -> withoutStop(message) + " (docs/scaling.md names what the user needs)";
            case "null", "" -> root.getClass().getSimpleName();
            default -> withoutStop(message);
        };
    }

    private static String withoutStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
