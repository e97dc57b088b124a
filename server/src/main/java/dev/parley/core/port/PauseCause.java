// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** Why a client that sends is not read for a while. */
public enum PauseCause {
    /** Its peer has sent more than a peer may. */
    PEER("peer"),
    /** Clients of its app at its address have sent more than they may together. */
    ADDRESS("address"),
    /** It has sent more pings than a client may. */
    PING("ping"),
    /** Signals it sent wait on loops that are busy. */
    CREDIT("credit"),
    /** A signal it sent to many waits for its turn, as the server is busy delivering such signals. */
    TURN("turn");

    private final String word;

    PauseCause(String word) {
        this.word = word;
    }

    /** Returns the name in metrics and the log. */
    public String word() {
        return word;
    }
}
