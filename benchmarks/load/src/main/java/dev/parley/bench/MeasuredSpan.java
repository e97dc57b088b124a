// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/** Is called when the measured time begins and ends. */
interface MeasuredSpan {

    /** Nobody is there yet. */
    default void before() {}

    /** Now it begins. */
    default void begin() {}

    /** Now it ends. */
    default void end() {}
}
