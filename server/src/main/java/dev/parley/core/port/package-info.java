// SPDX-License-Identifier: Apache-2.0
/**
 * What core and its edges ask of each other, and nothing else.
 *
 * <p>Adapters implement some of these types and are called through the others. No type here names Netty, HTTP
 * servers or a wire protocol, so a second transport or a simulator can stand in for the first.
 */
@NullMarked
package dev.parley.core.port;

import org.jspecify.annotations.NullMarked;
