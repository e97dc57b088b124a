// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import org.jspecify.annotations.Nullable;

/**
 * A signal on its way to the members of one loop: encoded once for all of them, posted once for each of their loops,
 * and charged to its sender until it is handled there.
 *
 * @param members all receivers, those of one loop next to each other
 * @param from the first of this loop
 * @param to behind the last of this loop
 * @param sender gets nothing; null for a back end
 * @param origin is notified about members that may miss the signal
 * @param plain the frame
 * @param detailed what members who want the sender's metadata get instead
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"
}) // never changed; a loop and a session are nothing but themselves
record SignalDelivery(
        RoomMember[] members,
        int from,
        int to,
        @Nullable Session sender,
        @Nullable SignalOrigin origin,
        Frame plain,
        @Nullable Frame detailed)
        implements Runnable {

    /** Writing a frame to so many sockets counts as posting it once more. */
    private static final int MEMBERS_PER_COPY = 64;

    /** Far beyond any credit, and sums of it do not overflow. */
    private static final long MOST_COST = 1 << 24;

    /**
     * Sends it to all members but its sender, after everything posted to them before. Consumes one reference of each
     * frame, and returns how many members those are.
     */
    static int post(
            RoomMember[] members,
            @Nullable Session sender,
            @Nullable SignalOrigin origin,
            Frame plain,
            @Nullable Frame detailed) {
        int receivers = 0;
        for (int from = 0; from < members.length; ) {
            Loop loop = members[from].session().loop();
            int to = from;
            int wanted = 0;
            while (to < members.length && members[to].session().loop() == loop) {
                wanted += members[to].session() == sender ? 0 : 1;
                to++;
            }
            if (wanted > 0) {
                plain.retain();
                if (detailed != null) {
                    detailed.retain();
                }
                SignalDelivery delivery = new SignalDelivery(members, from, to, sender, origin, plain, detailed);
                if (sender != null) {
                    sender.spendCredit(delivery.cost());
                }
                try {
                    loop.post(delivery);
                } catch (RuntimeException | Error e) { // no memory for the task
                    delivery.fail(e);
                }
                receivers += wanted;
            }
            from = to;
        }
        plain.release();
        if (detailed != null) {
            detailed.release();
        }
        return receivers;
    }

    /** Bytes of credit: of the frames, and more where they are written to many sockets. */
    private int cost() {
        long length = detailed == null ? plain.length() : plain.length() + detailed.length();
        return (int) Math.min(length + length * (to - from) / MEMBERS_PER_COPY, MOST_COST);
    }

    @Override
    public void run() {
        try {
            for (int i = from; i < to; i++) {
                RoomMember member = members[i];
                if (member.session() != sender) {
                    deliver(member);
                }
            }
        } finally {
            earn();
            release();
        }
    }

    /** Many sockets are written to in steps: behind them, so that a sender has one such signal under way at a time. */
    private void earn() {
        if (sender == null) {
            return;
        }
        int cost = cost();
        if (to - from < MEMBERS_PER_COPY) {
            sender.returnCredit(cost);
        } else {
            members[from].session().loop().defer(() -> sender.returnCredit(cost));
        }
    }

    /** It cannot be posted: its receivers, who would miss it, are ended, and the origin is notified. */
    private void fail(Throwable cause) {
        try {
            for (int i = from; i < to; i++) {
                Session session = members[i].session();
                if (session != sender) {
                    session.loop().post(() -> session.failDelivery(origin, cause));
                }
            }
        } finally {
            if (sender != null) {
                sender.returnCredit(cost());
            }
            release();
        }
    }

    private void release() {
        plain.release();
        if (detailed != null) {
            detailed.release();
        }
    }

    private void deliver(RoomMember member) {
        Session session = member.session();
        if (member.isGone()) {
            session.reportMissedIfEnded(origin);
            return;
        }
        try {
            session.offer(detailed != null && member.interest().senderMetadata() ? detailed : plain, sender, origin);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            session.failDelivery(origin, e);
        }
    }
}
