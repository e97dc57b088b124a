// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.session.DelayedPresence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a roster that one member has not received, because its socket takes no more. Of a peer that came and
 * left meanwhile it receives nothing, so that a slow line carries less than happens. On the member's loop.
 */
final class DelayedChanges implements DelayedPresence {

    /** A change without its texts, about. Bytes. */
    private static final int CHANGE_BYTES = 128;

    private final RoomMember member;

    /** Changes that wait, by peer id. */
    private final Map<String, Change> changes = new LinkedHashMap<>();

    /**
     * What happened to one peer.
     *
     * @param left the peer that the member knows and that has left, null if it knows none
     * @param joined the peer that is there now, null if none is
     */
    private record Change(
            @Nullable PeerIdentity left, @Nullable PeerIdentity joined) {

        /** A peer that has left is perhaps kept by nothing else; one that is there takes memory anyway. */
        int bytes() {
            int texts = left == null
                    ? 0
                    : left.id().length()
                            + (left.metadata() == null ? 0 : left.metadata().length());
            return CHANGE_BYTES + Character.BYTES * texts;
        }
    }

    DelayedChanges(RoomMember member) {
        this.member = member;
    }

    @Override
    public int add(SessionEvent.Changed changed) {
        int bytes = 0;
        for (PeerIdentity peer : changed.left()) {
            Change before = changes.get(peer.id());
            PeerIdentity known = before == null ? peer : before.left();
            bytes += replace(peer.id(), before, known == null ? null : new Change(known, null));
        }
        for (PeerIdentity peer : changed.joined()) {
            Change before = changes.get(peer.id());
            bytes += replace(peer.id(), before, new Change(before == null ? null : before.left(), peer));
        }
        return bytes;
    }

    private int replace(String id, @Nullable Change before, @Nullable Change after) {
        if (after == null) {
            changes.remove(id);
        } else {
            changes.put(id, after);
        }
        return (after == null ? 0 : after.bytes()) - (before == null ? 0 : before.bytes());
    }

    @Override
    public int send() {
        if (changes.isEmpty() || member.isGone() || !member.interest().presence()) {
            return 0;
        }
        List<PeerIdentity> left = new ArrayList<>();
        List<PeerIdentity> joined = new ArrayList<>();
        boolean isAnyOnBoth = false;
        for (Change change : changes.values()) {
            if (change.left() != null) {
                left.add(change.left());
            }
            if (change.joined() != null) {
                joined.add(change.joined());
            }
            isAnyOnBoth |= change.left() != null && change.joined() != null;
        }
        return member.notifier().changeNow(joined, left, isAnyOnBoth, member);
    }
}
