// SPDX-License-Identifier: Apache-2.0
/**
 * What the peers of one app can do to each other: meet in rooms, publish there, and send to one another.
 *
 * <p>Called on the loop of the session that acts.
 */
@NullMarked
package dev.parley.core.relay;

import org.jspecify.annotations.NullMarked;
