// SPDX-License-Identifier: Apache-2.0
/**
 * Wiring by hand, start order and stop order. The only package that sees all others.
 */
@NullMarked
package dev.parley.boot;

import org.jspecify.annotations.NullMarked;
