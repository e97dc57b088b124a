// SPDX-License-Identifier: Apache-2.0
/**
 * What all benchmarks have in common. Each stands in the package it measures, to reach what is not public.
 */
@NullMarked
package dev.parley.microbench;

import org.jspecify.annotations.NullMarked;
