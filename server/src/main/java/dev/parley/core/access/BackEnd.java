// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * Whoever showed a secret key to REST.
 *
 * @param app the tenant it acts for
 * @param key what it may do, and the id of the key
 */
public record BackEnd(App app, GrantAuthority key) {}
