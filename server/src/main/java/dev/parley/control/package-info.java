// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP for programs: REST for back ends, see docs/rest.md, and whether the server lives. {@link
 * dev.parley.control.ApiEndpoints} is the list of all operations.
 */
@NullMarked
package dev.parley.control;

import org.jspecify.annotations.NullMarked;
