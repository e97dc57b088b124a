// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.HttpReply;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Replies that are a sentence. */
final class RequestReplies {

    private static final String TEXT = "text/plain; charset=utf-8";

    /** Seconds. Limits count by the minute: after one, they allow as much as ever. */
    private static final String RETRY_AFTER = "60";

    /** Seconds, after which requests of the address are finished or closed. */
    private static final String RETRY_WHEN_BUSY = "10";

    private RequestReplies() {}

    static HttpReply text(HttpResponseStatus status, String sentence, Map<String, String> headers) {
        return new HttpReply(status.code(), TEXT, headers, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Says why a request is refused, with header fields that say what to do better. */
    static HttpReply of(RequestRefusal refusal) {
        return text(refusal.status(), refusal.explanation(), advice(refusal.status()))
                .refusedFor(refusal.explanation());
    }

    private static Map<String, String> advice(HttpResponseStatus status) {
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            return Map.of("Sec-WebSocket-Version", WebSocketHandshake.VERSION, "Upgrade", "websocket");
        }
        if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            return Map.of("Retry-After", RETRY_WHEN_BUSY);
        }
        return status.equals(HttpResponseStatus.TOO_MANY_REQUESTS) ? Map.of("Retry-After", RETRY_AFTER) : Map.of();
    }
}
