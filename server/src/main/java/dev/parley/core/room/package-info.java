// SPDX-License-Identifier: Apache-2.0
/**
 * Rooms and who is in them.
 *
 * <p>A room changes on the loop of the member that acts, under the short lock of that room, and whatever it tells other
 * members is posted to their loops while the lock is held. Posts to one loop run in posting order, so every member sees
 * the changes of a room in the order in which they happened. Where changes waited to be announced together, the loop is
 * that of the member whose change was the first, and newcomers read nothing before the lock is free.
 */
@NullMarked
package dev.parley.core.room;

import org.jspecify.annotations.NullMarked;
