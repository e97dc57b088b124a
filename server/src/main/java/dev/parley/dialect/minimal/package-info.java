// SPDX-License-Identifier: Apache-2.0
/**
 * The two-peer relay of the tutorials: rooms of two peers, frames relayed untouched.
 *
 * <p>See the heading "Minimal" of docs/protocol.md. Sees bytes and ports, never Netty and no other dialect.
 */
@NullMarked
package dev.parley.dialect.minimal;

import org.jspecify.annotations.NullMarked;
