// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Announces the changes of a room to its members: at once, or, in a crowded room, together with others at the end of a
 * {@link ChangeWindow}; and a moment later which of its peers are away. Under the lock of the room.
 */
final class RoomAnnouncements {

    /** In a room of so many members every change is announced at once, as long as it is not restless. */
    private static final int SMALL = 8;

    /** Changes in one second beyond which a room is restless: somebody comes and goes all the time. */
    private static final int RESTLESS = 16;

    private final Room room;

    /** Not null while changes have to wait. */
    private @Nullable ChangeWindow window;

    /** How many changes were announced at once in the second {@link #second} of the loops. */
    private int changes;

    private int second;

    /** Null while every member has a socket. */
    private @Nullable AbsentPeers absentPeers;

    RoomAnnouncements(Room room) {
        this.room = room;
    }

    /** Lets a newcomer wait, if changes have to wait; false if it can enter at once. */
    boolean delay(RoomMember newcomer) {
        if (window == null || newcomer.isEntered()) {
            return false;
        }
        window.add(newcomer);
        return true;
    }

    /** Whether the entry of this peer, on another node, or of this member waits to be announced. */
    boolean isDelayed(String peer, @Nullable RoomMember member) {
        return window != null && window.holds(peer, member);
    }

    /** Whether the member was still waiting: no member has seen it, so its leaving is not announced. */
    boolean drop(RoomMember leaver) {
        return window != null && window.drop(leaver);
    }

    /** A peer has entered the roster with this member. Returns the number of members that are notified. */
    int enter(RoomMember newcomer) {
        PeerIdentity peer = newcomer.session().peer();
        return tell(newcomer.session().loop(), peer, List.of(peer), List.of());
    }

    /**
     * A peer has entered the roster on another node.
     *
     * @param loop that schedules what follows
     */
    void enter(Loop loop, PeerIdentity peer) {
        if (window != null) {
            window.addJoined(peer);
        } else {
            tell(loop, peer, List.of(peer), List.of());
        }
    }

    /**
     * A peer has left the roster.
     *
     * @param loop that schedules what follows
     */
    void leave(Loop loop, PeerIdentity peer) {
        if (absentPeers != null) {
            absentPeers.forget(peer.id());
        }
        if (window != null) {
            window.addLeft(peer);
        } else {
            tell(loop, peer, List.of(), List.of(peer));
        }
    }

    /** The room is no more. */
    void end() {
        window = null;
    }

    /** Announces a change at once; later changes wait if the room is crowded. */
    private int tell(Loop loop, PeerIdentity peer, List<PeerIdentity> joined, List<PeerIdentity> left) {
        int told = room.notifier(null).change(joined, left, room.members().audienceOf(peer.id()));
        countChange(loop);
        if (isCrowded(loop) && !room.changeTime().isZero()) {
            ChangeWindow opened = new ChangeWindow();
            await(opened, loop, room.changeTime()); // first: without its end, changes would never be announced
            window = opened;
        }
        return told;
    }

    private void countChange(Loop loop) {
        int now = second(loop);
        changes = now == second ? changes + 1 : 1;
        second = now;
    }

    /** Whether changes have to wait to be announced together: there are many members, or many changes. */
    private boolean isCrowded(Loop loop) {
        return room.members().count() > SMALL || (changes > RESTLESS && second(loop) == second);
    }

    /** All loops began at about the same time. */
    private static int second(Loop loop) {
        return (int) TimeUnit.NANOSECONDS.toSeconds(loop.now());
    }

    private void await(ChangeWindow opened, Loop loop, Duration length) {
        loop.schedule(length, () -> end(opened, loop));
    }

    /** Announces the waiting changes. As long as there are enough to announce together, later ones go on waiting. */
    @SuppressWarnings("ReferenceEquality") // one of an earlier window ends nothing
    private void end(ChangeWindow opened, Loop loop) {
        room.lock().lock();
        try {
            if (window != opened) {
                return;
            }
            boolean wasBusy = opened.isBusy() && isCrowded(loop);
            try {
                settle();
            } finally {
                if (wasBusy || opened.isAwaited()) {
                    await(opened, loop, room.changeTime().multipliedBy(opened.windowsUntilNext()));
                    opened.goOn();
                } else {
                    window = null;
                }
            }
        } finally {
            room.lock().unlock();
        }
    }

    /** Announces the waiting changes now. */
    void settle() {
        ChangeWindow waiting = window;
        if (waiting == null) {
            return;
        }
        RoomMember[] all = room.members().all();
        for (ChangeBatch batch = waiting.next(all); !batch.isEmpty(); batch = waiting.next(all)) {
            waiting.told(batch);
            batch.tell(all, room.remote(), room.notifier(room.lock()), room.notifier(null));
            batch.newcomers().forEach(this::announcedLate);
        }
    }

    // Peers whose clients are away.

    /** Adds to the count of sessions that are away; negative if they are back or gone. */
    void countAway(int more) {
        if (more != 0) {
            absentPeers = absentPeers == null ? new AbsentPeers() : absentPeers;
            absentPeers.count(more);
        }
    }

    /** A newcomer was announced together with others. */
    private void announcedLate(RoomMember member) {
        tellWhoIsAway(member);
        reviewAbsence(member);
    }

    /** Sends a member, which was just sent the roster, which peers of it are away. */
    void tellWhoIsAway(RoomMember member) {
        if (absentPeers != null) {
            absentPeers.announceAll(member, room.notifier(null));
        }
    }

    /** Updates which peers are announced as away. Called when a member has entered, has left, is away or is back. */
    void reviewAbsence(RoomMember changed) {
        reviewAbsence(changed.session().peer().id(), changed.session().loop());
    }

    /**
     * Updates which peers are announced as away. Called when a session of the peer entered, left, is away or back.
     *
     * @param loop that schedules what follows
     */
    void reviewAbsence(String changed, Loop loop) {
        AbsentPeers reviewed = absentPeers;
        if (reviewed == null) {
            return;
        }
        if (reviewed.claimAnnouncement(changed, room.members().all(), room.remote())) {
            loop.schedule(room.changeTime(), this::announceAbsences);
        }
        absentPeers = reviewed.isEmpty() ? null : reviewed;
    }

    private void announceAbsences() {
        room.lock().lock();
        try {
            if (absentPeers != null) {
                absentPeers.announce(room.members().all(), room.remote(), room.notifier(null));
                absentPeers = absentPeers.isEmpty() ? null : absentPeers;
            }
        } finally {
            room.lock().unlock();
        }
    }
}
