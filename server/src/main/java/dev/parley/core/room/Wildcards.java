// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who hears rooms by a pattern of their names. Those of one pattern are kept in a room of their own that has no roster.
 * Where nobody does, publishing pays one look; a room knows which patterns match it until there are others.
 */
final class Wildcards {

    private static final Listeners[] NOBODY = {};

    private final Rooms rooms;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, below which no other is taken. */
    private final Map<String, Listeners> byPattern = new HashMap<>();

    /** All of them, replaced as a whole under the lock whenever a pattern comes or goes. */
    private volatile Listeners[] all = NOBODY;

    /** Those who hear rooms by one pattern. */
    private record Listeners(ChannelPattern pattern, Room room) {}

    /**
     * Which listeners hear a name, as long as there are no others.
     *
     * @param among all there were when it was found out
     */
    @SuppressWarnings("ArrayRecordComponent") // never changed; an array of all is nothing but itself
    record Matching(Listeners[] among, Listeners[] found) {

        static final Matching NONE = new Matching(NOBODY, NOBODY);
    }

    Wildcards(Rooms rooms) {
        this.rooms = rooms;
    }

    /** Null if there are as many patterns as there may be. */
    @Nullable
    Member listen(ChannelPattern pattern, Session session, Interest interest) {
        while (true) {
            Listeners listeners = listeners(pattern);
            if (listeners == null) {
                return null;
            }
            if (listeners.room().admit(session, interest, false) instanceof Entry.Admitted admitted) {
                return admitted.member();
            }
            forget(listeners.room());
        }
    }

    private @Nullable Listeners listeners(ChannelPattern pattern) {
        String text = pattern.toString();
        lock.lock();
        try {
            Listeners known = byPattern.get(text);
            if (known != null || byPattern.size() >= rooms.bounds().patterns()) {
                return known;
            }
            Listeners made = new Listeners(pattern, new Room(text, rooms, false));
            byPattern.put(text, made);
            all = byPattern.values().toArray(NOBODY);
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** The last listener left the room. */
    void forget(Room room) {
        lock.lock();
        try {
            Listeners known = byPattern.get(room.name());
            if (known != null && known.room() == room) {
                byPattern.remove(room.name());
                all = byPattern.values().toArray(NOBODY);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is known already if it still holds, else what holds now. */
    @SuppressWarnings("ReferenceEquality") // the array is replaced as a whole
    Matching matching(String name, Matching known) {
        Listeners[] now = all;
        if (known.among() == now) {
            return known;
        }
        List<Listeners> found = new ArrayList<>();
        for (Listeners listeners : now) {
            if (listeners.pattern().matches(name)) {
                found.add(listeners);
            }
        }
        return new Matching(now, found.toArray(NOBODY));
    }

    /** The members of a room and those who hear it by a pattern, each session once, those of one loop together. */
    static Member[] with(Member[] members, Matching matching) {
        if (matching.found().length == 0) {
            return members;
        }
        Set<Session> heard = new HashSet<>();
        for (Member member : members) {
            heard.add(member.session());
        }
        List<Member> more = new ArrayList<>();
        for (Listeners listeners : matching.found()) {
            for (Member member : listeners.room().members()) {
                if (heard.add(member.session())) {
                    more.add(member);
                }
            }
        }
        return more.isEmpty() ? members : together(members, more);
    }

    private static Member[] together(Member[] members, List<Member> more) {
        Member[] all = Arrays.copyOf(members, members.length + more.size());
        for (int i = 0; i < more.size(); i++) {
            all[members.length + i] = more.get(i);
        }
        Arrays.sort(
                all,
                Comparator.comparingInt(
                        member -> System.identityHashCode(member.session().loop())));
        return all;
    }
}
