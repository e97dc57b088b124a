// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Encoder;
import dev.parley.core.port.Event;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Peer;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Tells members who is in a room and who comes and goes, in parts that clients take. What it tells several is encoded
 * once. Under the lock of the room.
 *
 * @param room its name
 * @param lock if not null, held by the caller, and receivers can read nothing before it is free
 */
record Herald(String room, Encoder encoder, @Nullable Lock lock) {

    /** Peers in one part: with the longest ids, still below the million characters clients take at once. */
    private static final int PART = 3_500;

    /** At least one part, also if nobody else is there. */
    void roster(List<Peer> others, Member... receivers) {
        int from = 0;
        do {
            int to = Math.min(from + PART, others.size());
            tell(new Event.Roster(room, others.subList(from, to)), receivers);
            from = to;
        } while (from < others.size());
    }

    /** Nobody may be on both lists: clients would lose whoever is. Returns how many are told. */
    int change(List<Peer> joined, List<Peer> left, Member... receivers) {
        int told = 0;
        for (Event.Changed part : parts(joined, left, false)) {
            told = tell(part, receivers);
        }
        return told;
    }

    /**
     * Sends changes to one member at once, on its loop, and returns how many bytes that were.
     *
     * @param isAnyOnBoth whether a peer is on both lists: it left, and then joined
     */
    int changeNow(List<Peer> joined, List<Peer> left, boolean isAnyOnBoth, Member receiver) {
        int bytes = 0;
        for (Event.Changed part : parts(joined, left, isAnyOnBoth)) {
            bytes += send(part, receiver.session());
        }
        return bytes;
    }

    private List<Event.Changed> parts(List<Peer> joined, List<Peer> left, boolean isAnyOnBoth) {
        if (joined.size() + left.size() <= PART && !isAnyOnBoth) {
            return List.of(new Event.Changed(room, joined, left));
        }
        List<Event.Changed> parts = new ArrayList<>();
        for (int from = 0; from < left.size(); from += PART) {
            List<Peer> part = left.subList(from, Math.min(from + PART, left.size()));
            parts.add(new Event.Changed(room, List.of(), part));
        }
        for (int from = 0; from < joined.size(); from += PART) {
            List<Peer> part = joined.subList(from, Math.min(from + PART, joined.size()));
            parts.add(new Event.Changed(room, part, List.of()));
        }
        return parts;
    }

    private int send(Event.Changed part, Session receiver) {
        Frame frame;
        try {
            frame = encoder.encode(part);
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
    void absence(List<String> peers, boolean areBack, Member... receivers) {
        for (int from = 0; from < peers.size(); from += PART) {
            List<String> part = peers.subList(from, Math.min(from + PART, peers.size()));
            tell(new Event.Waiting(room, part, areBack), receivers);
        }
    }

    /**
     * Returns how many are told. If the event cannot be encoded its receivers are ended: they would go on with a roster
     * that is wrong.
     */
    int tell(Event event, Member[] receivers) {
        if (Arrays.stream(receivers).allMatch(it -> it.session().isOverrun())) {
            return 0; // nobody, or nobody who takes more
        }
        Frame frame;
        try {
            frame = encoder.encode(event);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            for (Member receiver : receivers) {
                receiver.session().fail(e);
            }
            return receivers.length;
        }
        if (frame == null) {
            return 0;
        }
        return Announcement.post(receivers, frame, event, lock);
    }
}
