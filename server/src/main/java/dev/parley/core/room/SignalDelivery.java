// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.session.AppDeliveries;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import dev.parley.core.session.SignalSource;
import org.jspecify.annotations.Nullable;

/**
 * A signal on its way to members of one loop and protocol: posted once for all of them, and charged to its sender until
 * it is handled there.
 *
 * @param members all receivers
 * @param from the first of this loop and protocol
 * @param to behind the last of this loop and protocol
 * @param sender its session gets nothing; null for a back end
 * @param origin is notified about members that may miss the signal
 * @param plain the frame
 * @param detailed what members who want the sender's metadata get instead
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"}) // never changed; a session is nothing but itself
record SignalDelivery(
        RoomMember[] members,
        int from,
        int to,
        @Nullable SignalSource sender,
        @Nullable SignalOrigin origin,
        Frame plain,
        @Nullable Frame detailed)
        implements Runnable {

    /** Writing a frame to so many sockets counts as posting it once more. */
    private static final int MEMBERS_PER_COPY = 64;

    /** Far beyond any credit, and sums of it do not overflow. */
    private static final long MOST_COST = 1 << 24;

    /** Posts it to the loop of these members, with references of its own, and has its sender spend the cost. */
    void post() {
        plain.retain();
        if (detailed != null) {
            detailed.retain();
        }
        if (sender != null) {
            sender.spend(cost());
        }
        if (isLarge()) {
            deliveries().begin(to - from, plain.length());
        }
        try {
            loop().post(this);
        } catch (RuntimeException | Error e) { // no memory for the task
            fail(e);
        }
    }

    private boolean isLarge() {
        return deliveries().isMany(members.length);
    }

    private AppDeliveries deliveries() {
        return members[from].session().deliveries();
    }

    private Loop loop() {
        return members[from].session().loop();
    }

    /** Bytes of credit: of the frames, and more where they are written to many sockets. */
    private int cost() {
        long length = detailed == null ? plain.length() : plain.length() + detailed.length();
        return (int) Math.min(length + length * (to - from) / MEMBERS_PER_COPY, MOST_COST);
    }

    @Override
    public void run() {
        if (!isLarge()) {
            deliver();
            return;
        }
        Loop loop = loop();
        long begin = loop.now();
        try {
            deliver();
        } finally {
            deliveries().took(to - from, plain.length(), loop.now() - begin);
            deliveries().endBehindWrites(loop, to - from, plain.length());
        }
    }

    private void deliver() {
        Session own = own();
        try {
            for (int i = from; i < to; i++) {
                RoomMember member = members[i];
                if (member.session() != own) {
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
            sender.giveBack(cost);
        } else {
            loop().defer(() -> sender.giveBack(cost));
        }
    }

    /** It cannot be posted: its receivers, who would miss it, are ended, and the origin is notified. */
    private void fail(Throwable cause) {
        Session own = own();
        try {
            for (int i = from; i < to; i++) {
                Session session = members[i].session();
                if (session != own) {
                    session.loop().post(() -> session.failDelivery(origin, cause));
                }
            }
        } finally {
            if (sender != null) {
                sender.giveBack(cost());
            }
            if (isLarge()) {
                deliveries().end(to - from, plain.length());
            }
            release();
        }
    }

    private @Nullable Session own() {
        return sender == null ? null : sender.session();
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
            session.inbox()
                    .offer(detailed != null && member.interest().senderMetadata() ? detailed : plain, sender, origin);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            session.failDelivery(origin, e);
        }
    }
}
