// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * An HTTP request as far as routes and dialects care.
 *
 * @param path the path as sent, without the query, never empty and never decoded
 */
public record Request(String path) {}
