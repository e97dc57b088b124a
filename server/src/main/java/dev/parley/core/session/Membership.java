// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import org.jspecify.annotations.Nullable;

/**
 * A session's place in a room. The places of one session form a chain, so that its rooms are found without a look at any
 * other room. The chain changes on the session's loop; any thread may follow it, see {@link Session#newestMembership}.
 */
public abstract class Membership {

    /** Stays when the place is given up, so that whoever stands here finds the rest of the chain. */
    private volatile @Nullable Membership older;

    /** Used on the session's loop only. */
    private @Nullable Membership newer;

    /** The name of the room. */
    public abstract String room();

    /** Whether the session is in the room's roster, itself or by another session of its peer. Safe from any thread. */
    public abstract boolean isEntered();

    /** The next place of the chain, null at its end. Safe from any thread. */
    public @Nullable Membership older() {
        return older;
    }

    /** Returns the new head of the chain. */
    Membership linkBefore(@Nullable Membership head) {
        older = head;
        if (head != null) {
            head.newer = this;
        }
        return this;
    }

    /** Takes this place out, if it is in the chain, and returns the head of what remains. */
    @SuppressWarnings("ReferenceEquality") // a place is nothing but itself
    @Nullable
    Membership unlinkFrom(@Nullable Membership head) {
        Membership after = older;
        Membership before = newer;
        if (before == null && head != this) {
            return head;
        }
        newer = null;
        if (after != null) {
            after.newer = before;
        }
        if (before == null) {
            return after;
        }
        before.older = after;
        return head;
    }
}
