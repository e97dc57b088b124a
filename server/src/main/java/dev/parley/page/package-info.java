// SPDX-License-Identifier: Apache-2.0
/**
 * The call page served at {@code GET /} and the two-tab page at {@code GET /minimal}, with nothing loaded from anywhere
 * else.
 */
@NullMarked
package dev.parley.page;

import org.jspecify.annotations.NullMarked;
