// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.HttpReply;
import dev.parley.core.port.Payload;
import dev.parley.json.JsonBuilder;
import java.util.Map;

/** Answers as JSON. */
final class JsonReplies {

    /** The request is not what it must be. */
    static final String INVALID_REQUEST = "invalid_request";

    /** A key, or an address, made too many requests. */
    static final String RATE_LIMITED = "rate_limited";

    /** Whatever is wrong with a credential: which it is, is nobody's business. */
    static final HttpReply UNAUTHORIZED = error(
            401,
            "unauthorized",
            "\"Authorization: Bearer <id>:<secret>\" must hold the id and the secret of a secret key",
            Map.of("WWW-Authenticate", "Bearer"));

    /** Whatever is wrong with a publishable key: an unknown key and a page it is not for are answered alike. */
    static final HttpReply KEY_REFUSED = error(
            401,
            "unauthorized",
            "\"key\" must be a publishable key, and the Origin of the request one of its origins",
            Map.of("WWW-Authenticate", "Bearer"));

    static final HttpReply NOT_FOUND =
            error(404, "not_found", "there is no such endpoint; GET /openapi.json lists all");

    static final HttpReply PEER_NOT_FOUND = error(404, "peer_not_found", "the peer is not connected");

    static final HttpReply RECEIVER_BUSY = error(
            503,
            "receiver_busy",
            "the peer takes signals more slowly than they are sent to it; try again",
            Map.of("Retry-After", "1"));

    static final HttpReply UNAVAILABLE = error(
            503,
            "unavailable",
            "it could not be decided in time, and may or may not have been done; try again",
            Map.of("Retry-After", "1"));

    static final HttpReply INCOMPLETE = error(
            503,
            "unavailable",
            "one of the servers, or the store that they share, did not answer; try again",
            Map.of("Retry-After", "1"));

    static final HttpReply TOO_MANY =
            error(429, RATE_LIMITED, "too many bad credentials came from this address", Map.of("Retry-After", "60"));

    static final HttpReply LATER =
            error(503, "internal_error", "the token cannot be checked now", Map.of("Retry-After", "1"));

    static final HttpReply FAILED = error(503, "internal_error", "the server failed");

    private static final int USUAL_BYTES = 256;

    private JsonReplies() {}

    /** Returns a builder for the JSON text of a reply. */
    static JsonBuilder text() {
        return new JsonBuilder(USUAL_BYTES);
    }

    static HttpReply ok(Payload json) {
        return reply(200, Map.of(), json);
    }

    static HttpReply error(int status, String code, String message) {
        return error(status, code, message, Map.of());
    }

    static HttpReply error(int status, String code, String message, Map<String, String> headers) {
        Payload json = text().raw("{\"error\":")
                .string(code)
                .raw(",\"message\":")
                .string(message)
                .end();
        return reply(status, headers, json);
    }

    private static HttpReply reply(int status, Map<String, String> headers, Payload json) {
        return new HttpReply(status, "application/json", headers, json.copy());
    }
}
