// SPDX-License-Identifier: Apache-2.0
/**
 * What any server of these protocols must do, seen from outside: over a socket, with no class of the server. See
 * testing/conformance/README.md.
 */
@NullMarked
package dev.parley.conformance;

import org.jspecify.annotations.NullMarked;
