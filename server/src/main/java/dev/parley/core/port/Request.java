// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.net.InetAddress;

/**
 * An HTTP request as far as routes and dialects care.
 *
 * @param method GET, POST and so on, as sent
 * @param path the path as sent, without the query, never empty and never decoded
 * @param query what follows the question mark, as sent, without it; may hold a credential
 * @param headers the header fields; may hold a credential
 * @param client who asks: the address of the socket, or what a trusted proxy says it is
 */
public record Request(String method, String path, String query, Headers headers, InetAddress client) {

    /** Without query and headers: they may hold a credential, and this text may end in a log. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
