// SPDX-License-Identifier: Apache-2.0
/**
 * Operational HTTP answers: whether the server lives and whether it wants traffic.
 */
@NullMarked
package dev.parley.control;

import org.jspecify.annotations.NullMarked;
