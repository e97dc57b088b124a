// SPDX-License-Identifier: Apache-2.0
/**
 * The v1 protocol: channels with presence, and signals to a channel or to one peer. See docs/protocol.md, "v1".
 */
@NullMarked
package dev.parley.dialect.v1;

import org.jspecify.annotations.NullMarked;
