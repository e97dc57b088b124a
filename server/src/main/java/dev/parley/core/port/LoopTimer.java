// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** A task waiting for its time, see {@link Loop#schedule}. */
public interface LoopTimer {

    /** Keeps the task from running. On the timer's own loop this always succeeds if the task has not begun. */
    void cancel();
}
