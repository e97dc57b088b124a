// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's half of the opening handshake (RFC 6455 section 4.2). */
final class WebSocketHandshake {

    static final String VERSION = "13";

    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
    private static final int KEY_BYTES = 16;
    private static final int KEY_LENGTH = 24; // in base64, padding included

    private WebSocketHandshake() {}

    /** Whether the client asks for a WebSocket, well or badly. */
    static boolean isAskedFor(HttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** What is wrong with the request, or null if it can be accepted. */
    static @Nullable RequestRefusal fault(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!request.method().equals(HttpMethod.GET)) {
            return new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "A WebSocket is asked for with GET.");
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "A WebSocket needs HTTP/1.1.");
        }
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return new RequestRefusal(
                    HttpResponseStatus.BAD_REQUEST,
                    "Connection: Upgrade is missing. Configure the proxies on the way to pass it on.");
        }
        if (!List.of(VERSION).equals(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return new RequestRefusal(
                    HttpResponseStatus.UPGRADE_REQUIRED, "Only version 13 of the WebSocket protocol is spoken here.");
        }
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            return new RequestRefusal(
                    HttpResponseStatus.BAD_REQUEST, "Sec-WebSocket-Key must be given once: 16 bytes in base64.");
        }
        return null;
    }

    /** The answer that turns the socket into a WebSocket, with the subprotocol that will be spoken, if any. */
    static FullHttpResponse accept(HttpRequest request, @Nullable String protocol) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(
                        HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
                        answer(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY)));
        if (protocol != null) {
            response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        return response;
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String answer(String key) {
        byte[] digest = sha1().digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
