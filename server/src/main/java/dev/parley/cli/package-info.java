// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: options in, exit code out.
 */
@NullMarked
package dev.parley.cli;

import org.jspecify.annotations.NullMarked;
