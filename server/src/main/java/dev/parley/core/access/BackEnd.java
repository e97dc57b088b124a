// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * A back end, known by the secret key of its REST request.
 *
 * @param app the tenant it acts for
 * @param key what it may do, and the id of the key
 */
public record BackEnd(App app, GrantAuthority key) {}
