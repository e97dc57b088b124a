// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every request must be like, whatever it asks for. */
final class RequestRules {

    private static final Set<HttpVersion> VERSIONS = Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1);

    /** A name, an IPv4 address, or an IPv6 one in brackets; and a port. */
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._~%-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");

    /** A header of a draft of the WebSocket protocol, in which eight bytes follow the head; Netty still reads them. */
    private static final String DRAFT_KEY = "sec-websocket-key1";

    /** Headers that only proxies send. */
    private static final List<String> FORWARDED = List.of("x-forwarded-for", "x-real-ip", "forwarded", "via");

    private RequestRules() {}

    /** What is wrong with the request, or null if it may be looked at further. */
    static @Nullable RequestRefusal fault(HttpRequest request, ListenerServices.Guests guests) {
        if (request.decoderResult().isFailure()) {
            return unreadable(request.decoderResult().cause());
        }
        if (!VERSIONS.contains(request.protocolVersion())) {
            return new RequestRefusal(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 is spoken here.");
        }
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1) {
            return new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "Exactly one Host header is needed.");
        }
        boolean isForThisMachine = guests != ListenerServices.Guests.EVERYONE;
        if (isForThisMachine && !LoopbackRule.allowsHost(hosts.getFirst())) {
            return new RequestRefusal(
                    HttpResponseStatus.FORBIDDEN,
                    "Only the names localhost, 127.0.0.1 and [::1] are answered to here.");
        }
        if (guests == ListenerServices.Guests.THIS_MACHINE && FORWARDED.stream().anyMatch(headers::contains)) {
            return new RequestRefusal(
                    HttpResponseStatus.FORBIDDEN,
                    "Development mode does not answer through proxies: it would answer everyone.");
        }
        if (!isForThisMachine && !HOST.matcher(hosts.getFirst()).matches()) {
            return new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "The Host header is not the name of a host.");
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (isForThisMachine && !LoopbackRule.allowsOrigin(origin)) {
                return new RequestRefusal(
                        HttpResponseStatus.FORBIDDEN,
                        "Only pages from localhost, 127.0.0.1 and [::1] are served here."
                                + (origin.equals("null") ? " A page opened as a file has the origin null." : ""));
            }
        }
        if (!request.uri().startsWith("/") || request.method().equals(HttpMethod.CONNECT)) {
            return new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "The request target must be a path.");
        }
        if (headers.contains(DRAFT_KEY)) {
            return new RequestRefusal(
                    HttpResponseStatus.BAD_REQUEST, "This draft of the WebSocket protocol is not spoken.");
        }
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() > 1
                || (codings.size() == 1 && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()))) {
            return new RequestRefusal(
                    HttpResponseStatus.NOT_IMPLEMENTED, "Of transfer codings only chunked is understood.");
        }
        return null;
    }

    /** Whether something comes behind the head, or was announced. */
    static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    }

    private static RequestRefusal unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException e ->
                new RequestRefusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The request line is too long.");
            case TooLongHttpHeaderException e ->
                new RequestRefusal(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header fields are too large.");
            default -> new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
        };
    }
}
