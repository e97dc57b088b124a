// SPDX-License-Identifier: Apache-2.0
/** The STUN and TURN servers for clients, and credentials for them. */
@NullMarked
package dev.parley.turn;

import org.jspecify.annotations.NullMarked;
