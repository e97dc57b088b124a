// SPDX-License-Identifier: Apache-2.0
/** Keys and tokens to grants, the keys of issuers, and who comes too often. */
@NullMarked
package dev.parley.auth;

import org.jspecify.annotations.NullMarked;
