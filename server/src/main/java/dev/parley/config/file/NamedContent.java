// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

/**
 * What a file holds, with its name: another content is taken over while the server runs, another name is not.
 *
 * @param name as it was written
 * @param content what it means
 */
record NamedContent<T>(String name, T content) {}
