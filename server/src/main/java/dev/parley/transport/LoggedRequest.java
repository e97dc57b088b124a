// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;

/**
 * What of a request may stand in a log: never its query, which may hold a credential, and nothing that forges a line.
 */
final class LoggedRequest {

    private static final int MAX_TEXT = 200;
    private static final String NONE = "-";

    private LoggedRequest() {}

    /** Returns the request as fields of a log line. */
    static String of(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return "path=" + printable(request.decoderResult().isSuccess() ? request.uri() : NONE)
                + " host=" + printable(headers.get(HttpHeaderNames.HOST, NONE))
                + " origin=" + printable(headers.get(HttpHeaderNames.ORIGIN, NONE));
    }

    private static String printable(String text) {
        int query = text.indexOf('?');
        String shown = query < 0 ? text : text.substring(0, query);
        return shown.substring(0, Math.min(MAX_TEXT, shown.length())).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
