// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/** What came of an attempt to get into a room. */
public sealed interface EntryResult {

    /**
     * The session is a member.
     *
     * @param member its place in the room
     * @param others how many members were there before
     */
    record Admitted(RoomMember member, int others) implements EntryResult {}

    /**
     * There is no place, or clients at the session's address hold their share of them.
     *
     * @param capacity how many members the room takes
     */
    record Full(int capacity) implements EntryResult {}
}
