// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request as bytes, with which one server may be made to see another one than the server before it.
 *
 * @param name what is odd about it
 * @param text its bytes as Latin-1 characters; what stands behind {@link #HIDDEN} must never be seen as a request
 * @param statuses of all answers to it and {@link #MARKER} behind it, from us alone
 */
record RawRequest(String name, String text, String statuses) {

    /** A good request that asks for the end of the connection. */
    static final String MARKER = "GET /marker HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    /** A good request that leaves the connection open. */
    static final String FIRST = "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n";

    /** A good request in a place where none may be. */
    static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final String HIDDEN_LENGTH = "Content-Length: 33\r\n";
    private static final String REFUSED = "400";
    private static final String TAKEN = "200 200";
    private static final String GOOD_KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String KEY = "Sec-WebSocket-Key: " + GOOD_KEY + "\r\n";
    private static final String HANDSHAKE =
            "GET /minimal/a HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\n" + KEY + "\r\n";

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }

    /** All that are not large. */
    static List<RawRequest> all() {
        List<RawRequest> all = new ArrayList<>();
        Stream.of(lengths(), codings(), chunks(), lines(), names(), targets(), hosts(), versions(), upgrades())
                .forEach(all::addAll);
        return all;
    }

    /** Those beyond a limit, or just within. */
    static List<RawRequest> large() {
        return List.of(
                get("60 KiB of request line", "/marker?" + "a".repeat(60 << 10), "", TAKEN),
                get("65 KiB of request line", "/marker?" + "a".repeat(65 << 10), "", "414"),
                get("a request line without end", "/marker?" + "a".repeat(1 << 20), "", "414"),
                get("60 KiB of header fields", "/marker", "Cookie: " + "c".repeat(60 << 10) + "\r\n", TAKEN),
                get("a cookie of 1 MiB", "/marker", "Cookie: " + "c".repeat(1 << 20) + "\r\n", "431"),
                get("10,000 header fields", "/marker", "A: b\r\n".repeat(10_000), "431"),
                get("100,000 empty header fields", "/marker", "A:\r\n".repeat(100_000), "431"));
    }

    private static List<RawRequest> lengths() {
        return List.of(
                post(
                        "length and chunked",
                        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                        "0\r\n\r\n" + HIDDEN,
                        REFUSED),
                post(
                        "chunked and length",
                        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                        "0\r\n\r\n" + HIDDEN,
                        REFUSED),
                oldPost(
                        "length and chunked in HTTP/1.0",
                        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                        "0\r\n\r\n" + HIDDEN,
                        REFUSED),
                oldPost("chunked in HTTP/1.0", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n" + HIDDEN, REFUSED),
                post("two lengths", "Content-Length: 0\r\n" + HIDDEN_LENGTH, HIDDEN, REFUSED),
                post("the same length twice", "Content-Length: 3\r\nContent-Length: 3\r\n", "abc", REFUSED),
                post("a list of lengths", "Content-Length: 3, 3\r\n", "abc", REFUSED),
                post("length +3", "Content-Length: +3\r\n", "abc", REFUSED),
                post("length -3", "Content-Length: -3\r\n", "abc", REFUSED),
                post("length 0x3", "Content-Length: 0x3\r\n", "abc", REFUSED),
                post("length 3 3", "Content-Length: 3 3\r\n", "abc", REFUSED),
                post("length 3.0", "Content-Length: 3.0\r\n", "abc", REFUSED),
                post("no length behind its name", "Content-Length:\r\n", HIDDEN, REFUSED),
                post("length beyond 64 bits", "Content-Length: 18446744073709551619\r\n", "abc", REFUSED),
                post("length of 63 bits", "Content-Length: 9223372036854775807\r\n", "abc", "413"),
                post("space before the colon of a length", "Content-Length : 33\r\n", HIDDEN, REFUSED),
                post("length between spaces", "Content-Length:  \t 3 \t \r\n", "abc", TAKEN),
                post("length with zeros before it", "Content-Length: 003\r\n", "abc", TAKEN),
                post("a hidden request as the body", HIDDEN_LENGTH, HIDDEN, TAKEN),
                get("a body where none is taken", "/marker", HIDDEN_LENGTH, HIDDEN, REFUSED),
                get(
                        "a chunked body where none is taken",
                        "/marker",
                        "Transfer-Encoding: chunked\r\n",
                        "0\r\n\r\n",
                        REFUSED),
                get("a body of GET where one is taken", "/v1/a", HIDDEN_LENGTH, HIDDEN, TAKEN),
                get(
                        "a key of the draft with eight bytes behind the head",
                        "/v1/a",
                        "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n",
                        "",
                        REFUSED));
    }

    private static List<RawRequest> codings() {
        return List.of(
                coding("space before the colon", "Transfer-Encoding : chunked", REFUSED),
                coding("identity", "Transfer-Encoding: identity", REFUSED),
                coding("chunked twice", "Transfer-Encoding: chunked, chunked", REFUSED),
                coding("chunked in two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", REFUSED),
                coding("chunked, then gzip", "Transfer-Encoding: chunked, gzip", REFUSED),
                coding("chunked, then another field", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", REFUSED),
                coding("gzip, then chunked", "Transfer-Encoding: gzip, chunked", "501"),
                coding(
                        "gzip, then chunked in a field of its own",
                        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                        "501"),
                coding("an empty coding first", "Transfer-Encoding: , chunked", "501"),
                coding("xchunked", "Transfer-Encoding: xchunked", REFUSED),
                coding("chunked with a parameter", "Transfer-Encoding: chunked;q=1", REFUSED),
                coding("chunked in quotes", "Transfer-Encoding: \"chunked\"", REFUSED),
                coding("vertical tab before chunked", "Transfer-Encoding: \u000bchunked", REFUSED),
                coding("NUL behind chunked", "Transfer-Encoding: chunked\0", REFUSED),
                coding("chunked on the next line", "Transfer-Encoding:\r\n chunked", REFUSED),
                coding("a folded line before chunked", "A: b\r\n\tc\r\nTransfer-Encoding: chunked", REFUSED),
                coding("CHUNKED", "Transfer-Encoding: CHUNKED", TAKEN),
                coding("tab before chunked", "Transfer-Encoding:\tchunked", TAKEN));
    }

    private static List<RawRequest> chunks() {
        String hidden = "21\r\n" + HIDDEN + "\r\n0\r\n\r\n";
        return List.of(
                chunked("a hidden request in a chunk", hidden, TAKEN),
                chunked("many chunks", "1\r\na\r\n".repeat(100) + "0\r\n\r\n", TAKEN),
                chunked("zeros before a size", "0000000000005\r\nhello\r\n0\r\n\r\n", TAKEN),
                chunked("an extension", "5;a=b\r\nhello\r\n0\r\n\r\n", TAKEN),
                chunked("an extension in quotes", "5;a=\"b;c\\\"d\"\r\nhello\r\n0\r\n\r\n", TAKEN),
                chunked(
                        "an extension with an open quote over a line end",
                        "5;a=\"\r\nhello\r\n0\r\n\r\n" + HIDDEN,
                        REFUSED),
                chunked("an extension with LF", "5;\nhello\r\n0\r\n\r\n" + HIDDEN, REFUSED),
                chunked("an extension with CR", "5;\rx\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("size 0x5", "0x5\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("size -5", "-5\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("size +5", "+5\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("size 5g", "5g\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("no size", "\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("space before a size", " 5\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("space behind a size", "5 \r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("size beyond 31 bits", "80000000\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("size that wraps 64 bits to 5", "10000000000000005\r\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("a size that ends in LF", "5\nhello\r\n0\r\n\r\n", REFUSED),
                chunked("a chunk that ends in LF", "5\r\nhello\n0\r\n\r\n", REFUSED),
                chunked("a chunk longer than its size", "5\r\nhello, world\r\n0\r\n\r\n" + HIDDEN, REFUSED),
                chunked("a trailer", "0\r\nA: b\r\n\r\n", TAKEN),
                chunked("a length in the trailer", "0\r\n" + HIDDEN_LENGTH + "\r\n", TAKEN),
                chunked("a trailer line that ends in LF", "0\r\nA: b\n\r\n" + HIDDEN, REFUSED),
                chunked("101 trailer fields", "0\r\n" + "A: b\r\n".repeat(101) + "\r\n", REFUSED));
    }

    private static List<RawRequest> lines() {
        String good = "GET /marker HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n";
        return List.of(
                raw("LF everywhere", good.replace("\r", ""), REFUSED),
                raw("LF behind the request line", good.replaceFirst("\r\n", "\n"), REFUSED),
                raw("LF behind a field", good.replace("a\r\n", "a\n"), REFUSED),
                raw("LF at the end of the head", good.replace("b\r\n\r\n", "b\r\n\n"), REFUSED),
                raw("CR in a value", good.replace("b", "b\rTransfer-Encoding: chunked"), REFUSED),
                raw("CR CR LF", good.replace("b\r\n", "b\r\r\n"), REFUSED),
                raw("CR instead of a space", good.replace("GET ", "GET\r"), REFUSED),
                raw("tabs instead of spaces", good.replace("GET /marker ", "GET\t/marker\t"), REFUSED),
                raw("vertical tab instead of a space", good.replace("GET ", "GET\u000b"), REFUSED),
                raw("two spaces", good.replace("GET ", "GET  "), REFUSED),
                raw("space before the request line", " " + good, REFUSED),
                raw("space behind the request line", good.replace("1.1", "1.1 "), REFUSED),
                raw("NUL before the request line", "\0" + good, REFUSED),
                raw("a control byte before the request line", "\u0001" + good, REFUSED),
                raw("a byte order mark before the request line", "\u00EF\u00BB\u00BF" + good, REFUSED),
                raw("LF before the request line", "\n" + good, REFUSED),
                raw("an empty line before the request line", "\r\n" + good, TAKEN),
                raw("NUL in the target", good.replace("/marker", "/marker\0"), REFUSED),
                raw("DEL in the target", good.replace("/marker", "/marker\u007f"), REFUSED),
                raw("a letter beyond ASCII in the target", good.replace("/marker", "/marker\u00e9"), REFUSED),
                raw("NUL in a value", good.replace("b\r\n", "b\0\r\n"), REFUSED),
                raw("a control byte in a value", good.replace("b\r\n", "b\u001fb\r\n"), REFUSED),
                raw("DEL in a value", good.replace("b\r\n", "b\u007f\r\n"), REFUSED),
                raw("a folded value", good.replace("b\r\n", "b\r\n c\r\n"), REFUSED),
                raw("a value folded by a tab", good.replace("b\r\n", "b\r\n\tc\r\n"), REFUSED),
                raw("a folded empty line", good.replace("b\r\n", "b\r\n \r\n"), REFUSED),
                raw("a request line alone", "GET /marker HTTP/1.1\r\n\r\n", REFUSED),
                raw("a letter beyond ASCII in a value", good.replace("b\r\n", "\u00e9\r\n"), TAKEN));
    }

    private static List<RawRequest> names() {
        return List.of(
                field("space in a name", "A B: c", REFUSED),
                field("tab before the colon", "A\t: c", REFUSED),
                field("NUL in a name", "A\0: c", REFUSED),
                field("an empty name", ": c", REFUSED),
                field("no colon", "Abc", REFUSED),
                field("brackets in a name", "A(b): c", REFUSED),
                field("a letter beyond ASCII in a name", "\u00e9: c", REFUSED),
                raw("space before the first field", "GET /marker HTTP/1.1\r\n Host: a\r\n\r\n", REFUSED));
    }

    private static List<RawRequest> targets() {
        return List.of(
                get("a whole URL", "http://a/marker", "", REFUSED),
                get("a host and port", "a:443", "", REFUSED),
                get("an asterisk", "*", "", REFUSED),
                get("a path without its slash", "marker", "", REFUSED),
                get("only a query", "?a", "", REFUSED),
                get("two slashes", "//marker", "", "404 200"),
                get("a fragment", "/marker#a", "", "404 200"),
                raw("an empty target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
                raw("CONNECT to a host", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
                raw("CONNECT to a path", "CONNECT /v1/a HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
                raw("OPTIONS of everything", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
                raw("OPTIONS of a path", "OPTIONS /marker HTTP/1.1\r\nHost: a\r\n\r\n", "405 200"),
                raw("TRACE", "TRACE /marker HTTP/1.1\r\nHost: a\r\n\r\n", "405 200"),
                raw("a method in small letters", "get /marker HTTP/1.1\r\nHost: a\r\n\r\n", "405 200"));
    }

    private static List<RawRequest> hosts() {
        return List.of(
                host("no host", "", REFUSED),
                host("two hosts", "Host: a\r\nHost: b\r\n", REFUSED),
                host("the same host twice", "Host: a\r\nHost: a\r\n", REFUSED),
                host("an empty host", "Host:\r\n", REFUSED),
                host("a host with a path", "Host: a/b\r\n", REFUSED),
                host("a host with a user", "Host: a@b\r\n", REFUSED),
                host("a list of hosts", "Host: a, b\r\n", REFUSED),
                host("a host with a space", "Host: a b\r\n", REFUSED),
                host("an invalid port", "Host: a:b\r\n", REFUSED),
                host("an IPv6 host", "Host: [::1]:8080\r\n", TAKEN));
    }

    private static List<RawRequest> versions() {
        String good = "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n";
        return List.of(
                raw("HTTP/0.9", "GET /marker\r\n", REFUSED),
                raw("HTTP/1.2", good.replace("HTTP/1.1", "HTTP/1.2"), "505"),
                raw("HTTP/2.0", good.replace("HTTP/1.1", "HTTP/2.0"), "505"),
                raw("HTTP/1.10", good.replace("HTTP/1.1", "HTTP/1.10"), REFUSED),
                raw("HTTP/1.1x", good.replace("HTTP/1.1", "HTTP/1.1x"), REFUSED),
                raw("http/1.1", good.replace("HTTP/1.1", "http/1.1"), REFUSED),
                raw("two versions", good.replace("HTTP/1.1", "HTTP/1.1 HTTP/1.1"), REFUSED),
                raw("HTTP/1.0", good.replace("HTTP/1.1", "HTTP/1.0"), "200"),
                raw("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", "505"),
                raw(
                        "an upgrade to h2c",
                        "GET /marker HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade:"
                                + " h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
                        TAKEN));
    }

    private static List<RawRequest> upgrades() {
        String upgraded = "101";
        return List.of(
                upgrade("good", "", "", upgraded),
                upgrade(
                        "one of several connection options",
                        "Connection: Upgrade",
                        "Connection: keep-alive, Upgrade",
                        upgraded),
                upgrade("one of several protocols", "websocket", "h2c, websocket", upgraded),
                upgrade("WebSocket", "websocket", "WebSocket", upgraded),
                upgrade("version 8", "Version: 13", "Version: 8", "426"),
                upgrade("version 12", "Version: 13", "Version: 12", "426"),
                upgrade("version 99", "Version: 13", "Version: 99", "426"),
                upgrade("version +13", "Version: 13", "Version: +13", "426"),
                upgrade("two versions", "Version: 13\r\n", "Version: 13\r\nSec-WebSocket-Version: 13\r\n", "426"),
                upgrade("a list of versions", "Version: 13", "Version: 13, 8", "426"),
                upgrade("no version", "Sec-WebSocket-Version: 13\r\n", "", "426"),
                upgrade("no key", KEY, "", REFUSED),
                upgrade("two keys", KEY, KEY + KEY, REFUSED),
                upgrade("a short key", GOOD_KEY, "c2hvcnQ=", REFUSED),
                upgrade("a long key", GOOD_KEY, "dGhlIHNhbXBsZSBub25jZSE=", REFUSED),
                upgrade("a key without padding", GOOD_KEY, "dGhlIHNhbXBsZSBub25jZQ", REFUSED),
                upgrade("a key that is not base64", GOOD_KEY, "dGhlIHNhbXBsZSBub25jZ!==", REFUSED),
                upgrade("no connection option", "Connection: Upgrade\r\n", "", REFUSED),
                upgrade("another connection option", "Connection: Upgrade", "Connection: close", REFUSED),
                upgrade("another protocol", "websocket", "websockets", "426 200"),
                upgrade("POST", "GET", "POST", REFUSED),
                upgrade("HEAD", "GET", "HEAD", REFUSED),
                upgrade("PUT", "GET", "PUT", REFUSED),
                upgrade("HTTP/1.0", "HTTP/1.1", "HTTP/1.0", REFUSED),
                upgrade("a body announced", "\r\n\r\n", "\r\n" + HIDDEN_LENGTH + "\r\n" + HIDDEN, REFUSED),
                upgrade(
                        "a chunked body announced",
                        "\r\n\r\n",
                        "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        REFUSED),
                upgrade("a folded line", "Connection: Upgrade", "Connection:\r\n Upgrade", REFUSED),
                upgrade("frames behind a bad one", KEY + "\r\n", "\r\n\u0081\u0082\0\0\0\0hi", REFUSED),
                upgrade("a path without WebSockets", "/minimal/a", "/marker", "404"),
                upgrade("a request hidden behind it", "\r\n\r\n", "\r\n\r\n" + HIDDEN, upgraded));
    }

    private static RawRequest raw(String name, String text, String statuses) {
        return new RawRequest(name, text, statuses);
    }

    private static RawRequest get(String name, String target, String fields, String body, String statuses) {
        return raw(name, "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body, statuses);
    }

    private static RawRequest get(String name, String target, String fields, String statuses) {
        return get(name, target, fields, "", statuses);
    }

    private static RawRequest post(String name, String fields, String body, String statuses) {
        return raw(name, "POST /v1/a HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body, statuses);
    }

    private static RawRequest oldPost(String name, String fields, String body, String statuses) {
        return raw(name, "POST /v1/a HTTP/1.0\r\nHost: a\r\n" + fields + "\r\n" + body, statuses);
    }

    private static RawRequest coding(String name, String fields, String statuses) {
        return post("coding: " + name, fields + "\r\n", "5\r\nhello\r\n0\r\n\r\n", statuses);
    }

    private static RawRequest chunked(String name, String body, String statuses) {
        return post("chunk: " + name, "Transfer-Encoding: chunked\r\n", body, statuses);
    }

    private static RawRequest field(String name, String line, String statuses) {
        return get(name, "/marker", line + "\r\n", statuses);
    }

    private static RawRequest host(String name, String fields, String statuses) {
        return raw(name, "GET /marker HTTP/1.1\r\n" + fields + "\r\n", statuses);
    }

    private static RawRequest upgrade(String name, String part, String other, String statuses) {
        if (!HANDSHAKE.contains(part)) {
            throw new IllegalArgumentException(part);
        }
        return raw("upgrade: " + name, part.isEmpty() ? HANDSHAKE : HANDSHAKE.replace(part, other), statuses);
    }
}
