// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

/**
 * A value that was read.
 *
 * @param value what it means
 * @param written what was written
 * @param place where, or where it would stand
 * @param isDefault whether nothing was written
 */
record BoundValue<T>(T value, WrittenValue written, SourceLocation place, boolean isDefault) {}
