// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import org.jspecify.annotations.Nullable;

/**
 * A session's membership of a room. The memberships of one session are linked, so that its rooms are found without
 * reading any other room. The links change on the session's loop, and any thread may follow them from {@link
 * Session#newestMembership}.
 */
public abstract class RoomMembership {

    /** Kept when the membership is unlinked, so that a thread that has reached it finds the rest. */
    private volatile @Nullable RoomMembership older;

    /** Used on the session's loop only. */
    private @Nullable RoomMembership newer;

    /** Returns the name of the room. */
    public abstract String room();

    /** Whether the session is in the room's roster, itself or by another session of its peer. Safe from any thread. */
    public abstract boolean isEntered();

    /** The session's membership added before this one, null if this is the oldest. Safe from any thread. */
    public @Nullable RoomMembership older() {
        return older;
    }

    /** Links this membership before the newest, and returns it: it is the newest now. */
    RoomMembership linkBefore(@Nullable RoomMembership newest) {
        older = newest;
        if (newest != null) {
            newest.newer = this;
        }
        return this;
    }

    /** Unlinks this membership, if it is linked, and returns the newest that remains. */
    @SuppressWarnings("ReferenceEquality") // compared by identity
    @Nullable
    RoomMembership unlinkFrom(@Nullable RoomMembership newest) {
        RoomMembership after = older;
        RoomMembership before = newer;
        if (before == null && newest != this) {
            return newest;
        }
        newer = null;
        if (after != null) {
            after.newer = before;
        }
        if (before == null) {
            return after;
        }
        before.older = after;
        return newest;
    }
}
