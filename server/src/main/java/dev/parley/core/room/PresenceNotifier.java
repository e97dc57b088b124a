// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Notifies members about the peers in a room and about those that enter and leave it, in parts that clients take. Under
 * the lock of the room.
 *
 * @param room its name
 * @param lock if not null, held by the caller, and receivers can read nothing before it is free
 */
record PresenceNotifier(String room, @Nullable Lock lock) {

    /** Peers in one part: with the longest ids, still below the million characters clients take at once. */
    private static final int PART = 3_500;

    /** Sends the roster in parts; at least one, also without others. */
    void roster(List<PeerIdentity> others, RoomMember... receivers) {
        int from = 0;
        do {
            int to = Math.min(from + PART, others.size());
            tell(new SessionEvent.Roster(room, others.subList(from, to)), receivers);
            from = to;
        } while (from < others.size());
    }

    /** Announces a change. A peer must not be on both lists: clients would lose it. Returns the number of receivers. */
    int change(List<PeerIdentity> joined, List<PeerIdentity> left, RoomMember... receivers) {
        int told = 0;
        for (SessionEvent.Changed part : parts(joined, left, false)) {
            told = tell(part, receivers);
        }
        return told;
    }

    /**
     * Sends changes to one member at once, on its loop, and returns how many bytes that were.
     *
     * @param isAnyOnBoth whether a peer is on both lists: it left, and then joined
     */
    int changeNow(List<PeerIdentity> joined, List<PeerIdentity> left, boolean isAnyOnBoth, RoomMember receiver) {
        int bytes = 0;
        for (SessionEvent.Changed part : parts(joined, left, isAnyOnBoth)) {
            bytes += send(part, receiver.session());
        }
        return bytes;
    }

    private List<SessionEvent.Changed> parts(List<PeerIdentity> joined, List<PeerIdentity> left, boolean isAnyOnBoth) {
        if (joined.size() + left.size() <= PART && !isAnyOnBoth) {
            return List.of(new SessionEvent.Changed(room, joined, left));
        }
        List<SessionEvent.Changed> parts = new ArrayList<>();
        for (int from = 0; from < left.size(); from += PART) {
            List<PeerIdentity> part = left.subList(from, Math.min(from + PART, left.size()));
            parts.add(new SessionEvent.Changed(room, List.of(), part));
        }
        for (int from = 0; from < joined.size(); from += PART) {
            List<PeerIdentity> part = joined.subList(from, Math.min(from + PART, joined.size()));
            parts.add(new SessionEvent.Changed(room, part, List.of()));
        }
        return parts;
    }

    private int send(SessionEvent.Changed part, Session receiver) {
        Frame frame;
        try {
            frame = receiver.protocol().encode(part);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            receiver.fail(e);
            return 0;
        }
        if (frame == null) {
            return 0;
        }
        try {
            receiver.send(frame, part);
            return frame.length();
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            receiver.fail(e);
            return 0;
        } finally {
            frame.release();
        }
    }

    /** Notifies members that these peers lost their sockets and are waited for, or that they are back. */
    void absence(List<String> peers, boolean areBack, RoomMember... receivers) {
        for (int from = 0; from < peers.size(); from += PART) {
            List<String> part = peers.subList(from, Math.min(from + PART, peers.size()));
            tell(new SessionEvent.Waiting(room, part, areBack), receivers);
        }
    }

    /** Returns the number of receivers that get it. */
    int tell(SessionEvent event, RoomMember[] receivers) {
        if (Arrays.stream(receivers).allMatch(it -> it.session().isOverrun())) {
            return 0; // no member, or none that takes more
        }
        return PresenceDelivery.post(receivers, event, lock);
    }
}
