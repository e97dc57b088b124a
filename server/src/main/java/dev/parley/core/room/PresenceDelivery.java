// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.session.Session;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Presence on its way to the members of one loop: encoded once for all of them, posted once for each of their loops. It
 * does not wait behind signals. A member whose socket takes no more gets it later, see {@link DelayedChanges}; one
 * whose loop is that far behind is closed.
 *
 * @param members all receivers, those of one loop next to each other
 * @param from the first of this loop
 * @param to behind the last of this loop
 * @param event what the frame says
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"}) // never changed; a loop is nothing but itself
record PresenceDelivery(RoomMember[] members, int from, int to, Frame frame, SessionEvent event) implements Runnable {

    /**
     * Sends it to these members after everything posted to them before. Consumes one reference of the frame, and
     * returns how many members there are.
     *
     * @param lock if not null, held by the caller: no member can read the frame, and answer, before the lock is free
     */
    static int post(RoomMember[] members, Frame frame, SessionEvent event, @Nullable Lock lock) {
        for (int from = 0; from < members.length; ) {
            Loop loop = members[from].session().loop();
            int to = from;
            int wanted = 0;
            while (to < members.length && members[to].session().loop() == loop) {
                wanted += members[to].session().reservePresence(frame) ? 1 : 0;
                to++;
            }
            if (wanted > 0) {
                frame.retain();
                PresenceDelivery announcement = new PresenceDelivery(members, from, to, frame, event);
                try {
                    loop.post(lock == null ? announcement : new DeferredDelivery(lock, announcement));
                } catch (RuntimeException | Error e) { // no memory for the task
                    announcement.fail(e);
                }
            }
            from = to;
        }
        frame.release();
        return members.length;
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
