// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** A request was not done: the server refused it, or the client never sent it. */
public final class RequestFailedException extends Exception {

    /** The client keeps as many unanswered requests as it may. */
    static final String TOO_MANY_REQUESTS = "too_many_requests";

    /** The data is longer than the server takes. */
    static final String MESSAGE_TOO_BIG = "message_too_big";

    /** There is no token to send: the source of credentials failed, or returned a key. */
    static final String NO_TOKEN = "no_token";

    /** The client is closed. */
    static final String CLOSED = "closed";

    private final String code;

    RequestFailedException(String code, String message) {
        super(code + ": " + message);
        this.code = code;
    }

    /** One of docs/protocol.md; or, by the client itself, {@code too_many_requests}, {@code message_too_big}, {@code
     * no_token} or {@code closed}. */
    public String code() {
        return code;
    }
}
