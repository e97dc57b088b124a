// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/** What came of an attempt to get into a room. */
public sealed interface EntryResult {

    /**
     * The session is a member.
     *
     * @param member its place in the room
     * @param others how many members were there before
     * @param fetched members that were looked up elsewhere for it
     */
    record Admitted(RoomMember member, int others, int fetched) implements EntryResult {

        /** A session that was admitted to a room of which all is known here. */
        public Admitted(RoomMember member, int others) {
            this(member, others, 0);
        }
    }

    /**
     * The room has no place, or clients at the session's address hold their share of its places.
     *
     * @param capacity how many peers the room takes; 0 of a pattern, for which none were looked at
     */
    record Full(int capacity) implements EntryResult {

        /** The app has no place for another pattern. */
        public static final Full OF_PATTERNS = new Full(0);

        /** Whether it is a pattern for which there is no place. */
        public boolean isOfPatterns() {
            return capacity == 0;
        }
    }

    /** The entry was not decided in time: the session is not a member. */
    record Unavailable() implements EntryResult {}
}
