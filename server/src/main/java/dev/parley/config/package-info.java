// SPDX-License-Identifier: Apache-2.0
/**
 * Settings as immutable records, checked when they are made.
 */
@NullMarked
package dev.parley.config;

import org.jspecify.annotations.NullMarked;
