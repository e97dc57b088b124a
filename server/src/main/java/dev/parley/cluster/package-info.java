// SPDX-License-Identifier: Apache-2.0
/**
 * Several nodes as one server: a store that all of them share decides their commands, one after the other, and keeps an
 * inbox for each node. {@link StoreCoordinator} makes of its calls, which may be lost, late or repeated, what core
 * relies on.
 *
 * <p>Everything of a node happens on one loop, and calls of other threads are posted to it.
 */
@NullMarked
package dev.parley.cluster;

import org.jspecify.annotations.NullMarked;
