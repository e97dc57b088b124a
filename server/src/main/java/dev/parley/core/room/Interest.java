// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/**
 * What a member wants to be told besides signals.
 *
 * @param presence whether it is told who else is in the room, and who comes and goes
 * @param senderMetadata whether signals show what their sender shows of itself
 */
public record Interest(boolean presence, boolean senderMetadata) {}
