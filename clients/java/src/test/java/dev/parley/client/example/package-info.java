// SPDX-License-Identifier: Apache-2.0
/** What README.md shows. */
@NullMarked
package dev.parley.client.example;

import org.jspecify.annotations.NullMarked;
