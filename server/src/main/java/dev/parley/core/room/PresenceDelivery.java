// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.session.EventFrames;
import dev.parley.core.session.Session;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Presence on its way to members of one loop and protocol: encoded once for all, posted once for each loop. It does not
 * wait behind signals. A member whose socket takes no more gets it later, see {@link DelayedChanges}; one
 * whose loop is that far behind is closed.
 *
 * @param members all receivers
 * @param from the first of this loop and protocol
 * @param to behind the last of this loop and protocol
 * @param event what the frame says
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
record PresenceDelivery(RoomMember[] members, int from, int to, Frame frame, SessionEvent event) implements Runnable {

    /**
     * Sends an event to these members after everything posted to them before, and returns how many of them get it: a
     * protocol may have no message for it. Members for whom it cannot be encoded or posted are ended: they would go on
     * with a roster that is wrong.
     *
     * @param members those of one loop next to each other, and of these, those of one protocol
     * @param lock if not null, held by the caller: no member can read the frame, and answer, before the lock is free
     */
    static int post(RoomMember[] members, SessionEvent event, @Nullable Lock lock) {
        EventFrames frames = EventFrames.begin();
        int told = 0;
        try {
            for (int from = 0; from < members.length; ) {
                int to = MemberRange.end(members, from);
                told += post(members, from, to, event, frames, lock);
                from = to;
            }
        } finally {
            frames.release();
        }
        return told;
    }

    private static int post(
            RoomMember[] members, int from, int to, SessionEvent event, EventFrames frames, @Nullable Lock lock) {
        Frame frame;
        try {
            frame = frames.of(event, members[from].session().protocol());
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            for (int i = from; i < to; i++) {
                members[i].session().fail(e);
            }
            return to - from;
        }
        if (frame == null) {
            return 0;
        }
        int wanted = 0;
        for (int i = from; i < to; i++) {
            wanted += members[i].session().reservePresence(frame) ? 1 : 0;
        }
        if (wanted > 0) {
            PresenceDelivery delivery = new PresenceDelivery(members, from, to, frame.retain(), event);
            try {
                members[from].session().loop().post(lock == null ? delivery : new DeferredDelivery(lock, delivery));
            } catch (RuntimeException | Error e) { // no memory for the task
                delivery.fail(e);
            }
        }
        return to - from;
    }

    @Override
    public void run() {
        try {
            for (int i = from; i < to; i++) {
                send(members[i]);
            }
        } finally {
            frame.release();
        }
    }

    /** It cannot be posted: its receivers, who would miss it, are ended. */
    private void fail(Throwable cause) {
        try {
            for (int i = from; i < to; i++) {
                members[i].session().releasePresence(frame);
                members[i].session().fail(cause);
            }
        } finally {
            frame.release();
        }
    }

    private void send(RoomMember member) {
        Session session = member.session();
        session.releasePresence(frame);
        if (member.isGone()) {
            return;
        }
        try {
            member.tell(frame, event);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            session.fail(e);
        }
    }
}
