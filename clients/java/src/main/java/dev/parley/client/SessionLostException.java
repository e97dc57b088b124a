// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** The session ended with a request not settled: it may or may not have been heard. */
public final class SessionLostException extends Exception {

    /** The connection ended and the server does not speak {@code parley.v1}. */
    static final String CONNECTION_LOST = "connection_lost";

    /** The server speaks {@code parley.v1} no longer. */
    static final String NOT_OFFERED = "not_offered";

    /** The server broke the protocol. */
    static final String SERVER_BROKEN = "server_broken";

    /** Something failed inside the server: Close 1011. */
    static final String SERVER_FAILED = "server_failed";

    /** The client was closed, by itself or by the server. */
    static final String CLOSED = "closed";

    private final String reason;

    SessionLostException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /**
     * Why the session ended: a reason of {@code welcome} in docs/continuity.md; or, by the client itself, {@code
     * connection_lost} (v1 only), {@code not_offered}, {@code server_broken}, {@code server_failed} or {@code closed}.
     */
    public String reason() {
        return reason;
    }
}
