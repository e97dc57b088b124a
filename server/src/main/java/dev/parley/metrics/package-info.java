// SPDX-License-Identifier: Apache-2.0
/**
 * What operators measure: counts what the rest tells it, and shows it to Prometheus. The sets of labels are closed: no
 * name that clients choose is one.
 */
@NullMarked
package dev.parley.metrics;

import org.jspecify.annotations.NullMarked;
