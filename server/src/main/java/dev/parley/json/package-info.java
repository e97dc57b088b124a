// SPDX-License-Identifier: Apache-2.0
/**
 * JSON as bytes: read where it lies, strictly, and put together without a tree in between. Knows nothing of Parley but
 * payloads.
 */
@NullMarked
package dev.parley.json;

import org.jspecify.annotations.NullMarked;
