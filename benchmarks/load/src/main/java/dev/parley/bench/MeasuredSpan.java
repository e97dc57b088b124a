// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/** Is called when the measured time begins and ends. */
interface MeasuredSpan {

    /** Called before the first client connects. */
    default void before() {}

    /** Called when the measured time begins. */
    default void begin() {}

    /** Called when the measured time ends. */
    default void end() {}
}
