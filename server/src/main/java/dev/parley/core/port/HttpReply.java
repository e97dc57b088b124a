// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer.
 *
 * @param status the status code
 * @param contentType the media type of the body
 * @param headers further header fields
 * @param body the bytes of the body, not copied and not to be changed
 * @param refusal why the client was refused, for the log alone and without words of the client; null if it was not
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; copying a page for each answer would be waste
public record HttpReply(
        int status,
        String contentType,
        Map<String, String> headers,
        byte[] body,
        @Nullable String refusal) {

    /** An answer that refuses nobody, or says itself why. */
    public HttpReply(int status, String contentType, Map<String, String> headers, byte[] body) {
        this(status, contentType, headers, body, null);
    }

    /** Returns this answer with a reason for the log. */
    public HttpReply refusedFor(String reason) {
        return new HttpReply(status, contentType, headers, body, reason);
    }
}
