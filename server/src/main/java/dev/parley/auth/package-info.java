// SPDX-License-Identifier: Apache-2.0
/** Credentials to grants. */
@NullMarked
package dev.parley.auth;

import org.jspecify.annotations.NullMarked;
