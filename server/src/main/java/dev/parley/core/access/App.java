// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * A tenant: its peers and channels are its own.
 *
 * @param id its name in configuration and logs
 */
public record App(String id) {}
