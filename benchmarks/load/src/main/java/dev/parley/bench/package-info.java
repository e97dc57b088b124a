// SPDX-License-Identifier: Apache-2.0
/**
 * The load generator behind {@code parley bench}: many clients of one protocol, a few scenarios they play, and what
 * that took the server. It knows nothing of the server but what any client may know, so it measures others as well.
 *
 * <p>All clients of one process live on one loop, and so does the scenario: nothing here but {@link
 * dev.parley.bench.BenchRun} and what is said to be otherwise is for another thread. Past what one process can hold or
 * send, there are several, see {@link dev.parley.bench.ProcessFleet}.
 */
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
