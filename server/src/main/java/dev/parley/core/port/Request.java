// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * An HTTP request as far as routes and dialects care.
 *
 * @param path the path as sent, without the query, never empty and never decoded
 * @param query what follows the question mark, as sent, without it; may hold a credential
 */
public record Request(String path, String query) {

    /** Without the query: it may hold a credential, and this text may end in a log. */
    @Override
    public String toString() {
        return path;
    }
}
