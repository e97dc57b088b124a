// SPDX-License-Identifier: Apache-2.0
/** Who may do what, and how much of it. */
@NullMarked
package dev.parley.core.access;

import org.jspecify.annotations.NullMarked;
