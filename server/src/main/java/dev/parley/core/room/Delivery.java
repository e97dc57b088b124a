// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.session.Origin;
import dev.parley.core.session.Session;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way to the members of one loop: encoded once for all of them, posted once for each of their loops.
 *
 * @param members all receivers, those of one loop next to each other
 * @param from the first of this loop
 * @param to behind the last of this loop
 * @param except gets nothing: who caused it
 * @param origin is told of whom it may not reach
 * @param plain the frame
 * @param detailed what members who want the sender's metadata get instead
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"
}) // never changed; a loop and a session are nothing but themselves
record Delivery(
        Member[] members,
        int from,
        int to,
        @Nullable Session except,
        @Nullable Origin origin,
        Frame plain,
        @Nullable Frame detailed)
        implements Runnable {

    /**
     * Sends it to all members but one, after everything posted to them before. Consumes one reference of each frame, and
     * returns how many members those are.
     */
    static int post(
            Member[] members,
            @Nullable Session except,
            @Nullable Origin origin,
            Frame plain,
            @Nullable Frame detailed) {
        return post(members, except, origin, plain, detailed, null);
    }

    /** Likewise, but nobody can have read it, and answer, before this lock, which the caller holds, is free. */
    static int postBehind(Lock lock, Member[] members, Frame frame) {
        return post(members, null, null, frame, null, lock);
    }

    private static int post(
            Member[] members,
            @Nullable Session except,
            @Nullable Origin origin,
            Frame plain,
            @Nullable Frame detailed,
            @Nullable Lock lock) {
        Frame larger = detailed != null ? detailed : plain;
        int receivers = 0;
        for (int from = 0; from < members.length; ) {
            Loop loop = members[from].session().loop();
            int to = from;
            int wanted = 0;
            while (to < members.length && members[to].session().loop() == loop) {
                Session session = members[to].session();
                if (session != except) {
                    receivers++;
                    if (session.expect(larger)) {
                        wanted++;
                    } else {
                        session.miss(origin);
                    }
                }
                to++;
            }
            if (wanted > 0) {
                plain.retain();
                if (detailed != null) {
                    detailed.retain();
                }
                Delivery delivery = new Delivery(members, from, to, except, origin, plain, detailed);
                try {
                    loop.post(lock == null ? delivery : new Behind(lock, delivery));
                } catch (RuntimeException | Error e) { // no memory for the task
                    delivery.fail(e);
                }
            }
            from = to;
        }
        plain.release();
        if (detailed != null) {
            detailed.release();
        }
        return receivers;
    }

    @Override
    public void run() {
        try {
            for (int i = from; i < to; i++) {
                Member member = members[i];
                if (member.session() != except) {
                    deliver(member);
                }
            }
        } finally {
            release();
        }
    }

    /** It cannot be posted: its receivers, who would miss it, are ended, and the origin is notified. */
    private void fail(Throwable cause) {
        try {
            for (int i = from; i < to; i++) {
                Session session = members[i].session();
                if (session != except) {
                    session.forgo(detailed != null ? detailed : plain);
                    session.fail(cause);
                    session.miss(origin);
                }
            }
        } finally {
            release();
        }
    }

    private void release() {
        plain.release();
        if (detailed != null) {
            detailed.release();
        }
    }

    private void deliver(Member member) {
        Session session = member.session();
        session.forgo(detailed != null ? detailed : plain);
        if (member.isGone()) {
            session.missIfOver(origin);
            return;
        }
        session.send(detailed != null && member.interest().senderMetadata() ? detailed : plain, origin);
    }
}
