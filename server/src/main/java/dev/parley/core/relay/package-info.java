// SPDX-License-Identifier: Apache-2.0
/**
 * What the peers of one app can do to each other: meet in rooms, publish there, and send to one another; and how much
 * of it the app uses.
 *
 * <p>Called on the loop of the session that acts, or of the request of a back end; {@link AppDirectories} and {@link
 * AppUsage} on any thread.
 */
@NullMarked
package dev.parley.core.relay;

import org.jspecify.annotations.NullMarked;
