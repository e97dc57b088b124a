// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as far as routes and dialects care.
 *
 * @param method GET, POST and so on, as sent
 * @param path the path as sent, without the query, never empty and never decoded
 * @param query what follows the question mark, as sent, without it; may hold a credential
 * @param headers the header fields; may hold a credential
 * @param client who asks: the address of the socket, or what a trusted proxy says it is
 */
public record ClientRequest(String method, String path, String query, RequestHeaders headers, InetAddress client) {

    /**
     * The value of the first query parameter of that name, decoded, empty if it cannot be decoded; null without one.
     */
    public @Nullable String parameter(String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name) && pair.startsWith("=", name.length())) {
                try {
                    return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    return "";
                }
            }
        }
        return null;
    }

    /** Without query and headers: they may hold a credential, and this text may end in a log. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
