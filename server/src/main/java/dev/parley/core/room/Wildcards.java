// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who hears rooms by a pattern of their names. Those of one pattern are kept in a room of their own that has no roster.
 * Where nobody does, publishing pays one look; else a name is compared with the patterns once for as long as they are
 * the same.
 */
final class Wildcards {

    private static final Listeners[] NOBODY = {};

    private final Rooms rooms;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, below which no other is taken. */
    private final Map<String, Listeners> byPattern = new HashMap<>();

    /** Replaced under the lock whenever a pattern comes or goes. */
    private volatile Generation current = new Generation(List.of());

    /** Those who hear rooms by one pattern. */
    private record Listeners(ChannelPattern pattern, Room room) {}

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
            current = new Generation(byPattern.values());
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** The last member left the room. */
    void forget(Room room) {
        current.byRoom.remove(room);
        lock.lock();
        try {
            Listeners known = byPattern.get(room.name());
            if (known != null && known.room() == room) {
                byPattern.remove(room.name());
                current = new Generation(byPattern.values());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The members of a room and those who hear it by a pattern, each session once, those of one loop together. The array
     * is not to be changed.
     */
    Member[] audience(Room room) {
        Member[] members = room.members();
        Listeners[] matching = current.matching(room);
        return matching.length == 0 ? members : with(members, matching);
    }

    /** Likewise for a name that has no room. */
    Member[] audience(String name) {
        Listeners[] matching = current.find(name);
        return matching.length == 0 ? Room.NOBODY : with(Room.NOBODY, matching);
    }

    private static Member[] with(Member[] members, Listeners[] matching) {
        Set<Session> heard = new HashSet<>();
        for (Member member : members) {
            heard.add(member.session());
        }
        List<Member> more = new ArrayList<>();
        for (Listeners listeners : matching) {
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

    /** All patterns there are at one time, and which of them match the rooms that were published in. Any thread. */
    private static final class Generation {

        final Listeners[] all;
        final Map<Room, Listeners[]> byRoom = new ConcurrentHashMap<>(0);

        Generation(Collection<Listeners> all) {
            this.all = all.toArray(NOBODY);
        }

        Listeners[] matching(Room room) {
            if (all.length == 0) {
                return NOBODY;
            }
            Listeners[] known = byRoom.get(room);
            return known != null ? known : remember(room);
        }

        private Listeners[] remember(Room room) {
            Listeners[] found = find(room.name());
            byRoom.put(room, found);
            if (room.members().length == 0) {
                byRoom.remove(room); // it went meanwhile, or nobody is in it yet
            }
            return found;
        }

        Listeners[] find(String name) {
            if (all.length == 0) {
                return NOBODY;
            }
            int[] symbols = ChannelPattern.symbols(name);
            List<Listeners> found = new ArrayList<>();
            for (Listeners listeners : all) {
                if (listeners.pattern().matches(symbols)) {
                    found.add(listeners);
                }
            }
            return found.toArray(NOBODY);
        }
    }
}
