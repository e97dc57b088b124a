// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Event;
import dev.parley.core.session.Session;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A group of members who hear each other. See the package for its thread rule. */
final class Room {

    private static final Member[] NOBODY = {};

    private final String name;
    private final int capacity;
    private final Rooms rooms;
    private final ReentrantLock lock = new ReentrantLock();

    /** Replaced as a whole under the lock, so that relaying reads it without. */
    private volatile Member[] members = NOBODY;

    /** Set when the last member left; such a room takes nobody any more. */
    private boolean gone;

    Room(String name, int capacity, Rooms rooms) {
        this.name = name;
        this.capacity = capacity;
        this.rooms = rooms;
    }

    String name() {
        return name;
    }

    /** Null when the last member has just left: this room is no more, and another of its name may be made. */
    @Nullable
    Entry join(Session session) {
        lock.lock();
        try {
            if (gone) {
                return null;
            }
            Member[] present = members;
            if (present.length >= capacity) {
                return new Entry.Full(capacity);
            }
            Member member = new Member(this, session);
            // The newcomer's own welcome is posted before anyone can see it as a member, so nothing overtakes it.
            member.deliver(new Event.Joined(present.length));
            tell(present, new Event.PeerJoined());
            members = with(present, member);
            return new Entry.Joined(member, present.length);
        } finally {
            lock.unlock();
        }
    }

    int leave(Member member) {
        lock.lock();
        try {
            Member[] remaining = without(members, member);
            if (remaining.length == members.length) {
                return remaining.length;
            }
            members = remaining;
            tell(remaining, new Event.PeerLeft());
            if (remaining.length == 0) {
                gone = true;
                rooms.forget(this);
            }
            return remaining.length;
        } finally {
            lock.unlock();
        }
    }

    void relay(Member from, Event.Signal signal) {
        for (Member member : members) {
            if (member != from) {
                member.deliver(signal);
            }
        }
    }

    private static void tell(Member[] members, Event event) {
        for (Member member : members) {
            member.deliver(event);
        }
    }

    private static Member[] with(Member[] members, Member newcomer) {
        Member[] more = Arrays.copyOf(members, members.length + 1);
        more[members.length] = newcomer;
        return more;
    }

    private static Member[] without(Member[] members, Member leaver) {
        return Arrays.stream(members).filter(member -> member != leaver).toArray(Member[]::new);
    }
}
