// SPDX-License-Identifier: Apache-2.0
package dev.parley.page;

import dev.parley.core.port.RequestHeaders;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads from a request which encoding of a file the client accepts, and which version it has. */
final class ContentNegotiation {

    /** A weight of 0 in an {@code Accept-Encoding}: not acceptable (RFC 9110 section 12.4.2). */
    private static final Pattern REFUSED = Pattern.compile(";\\s*q\\s*=\\s*0(?:[.]0*)?\\s*(?:;|$)");

    private ContentNegotiation() {}

    /** Whether the client takes gzip (RFC 9110 section 12.5.3): by its name, or by {@code *} where it is not named. */
    static boolean isGzipAccepted(RequestHeaders headers) {
        boolean isNamed = items(headers, "accept-encoding").anyMatch(item -> isFor(item, "gzip"));
        return items(headers, "accept-encoding")
                .filter(item -> isFor(item, isNamed ? "gzip" : "*"))
                .anyMatch(item -> !REFUSED.matcher(item).find());
    }

    /** Whether the client has the form with this tag, compared weakly (RFC 9110 section 13.1.2). */
    static boolean isKnown(RequestHeaders headers, String tag) {
        return headers.all("if-none-match").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(item -> item.strip().replaceFirst("^W/", ""))
                .anyMatch(item -> item.equals(tag) || item.equals("*"));
    }

    private static Stream<String> items(RequestHeaders headers, String name) {
        return headers.all(name).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(item -> item.strip().toLowerCase(Locale.ROOT));
    }

    /** Whether the item, which may have parameters, is about this coding. */
    private static boolean isFor(String item, String coding) {
        int parameters = item.indexOf(';');
        return (parameters < 0 ? item : item.substring(0, parameters)).strip().equals(coding);
    }
}
