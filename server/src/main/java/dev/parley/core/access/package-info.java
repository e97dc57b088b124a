// SPDX-License-Identifier: Apache-2.0
/** Credentials, grants and limits: what each client may do, and how much. */
@NullMarked
package dev.parley.core.access;

import org.jspecify.annotations.NullMarked;
