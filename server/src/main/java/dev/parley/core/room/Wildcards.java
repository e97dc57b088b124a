// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who hears rooms by a pattern of their names. Those of one pattern are kept in a room of their own that has no roster.
 * Where nobody does, publishing pays one look.
 */
final class Wildcards {

    private final Rooms rooms;
    private final ConcurrentMap<String, Listeners> byPattern = new ConcurrentHashMap<>();

    private record Listeners(ChannelPattern pattern, Room room) {}

    Wildcards(Rooms rooms) {
        this.rooms = rooms;
    }

    Member listen(ChannelPattern pattern, Session session, Interest interest) {
        String text = pattern.toString();
        while (true) {
            Listeners listeners =
                    byPattern.computeIfAbsent(text, it -> new Listeners(pattern, new Room(it, rooms, false)));
            if (listeners.room().admit(session, interest, false) instanceof Entry.Admitted admitted) {
                return admitted.member();
            }
            byPattern.remove(text, listeners);
        }
    }

    void forget(Room room) {
        byPattern.computeIfPresent(room.name(), (text, listeners) -> listeners.room() == room ? null : listeners);
    }

    /** The members of a room and those who hear it by a pattern, each session once, those of one loop together. */
    Member[] with(Member[] members, String name) {
        if (byPattern.isEmpty()) {
            return members;
        }
        Set<Session> heard = new HashSet<>();
        for (Member member : members) {
            heard.add(member.session());
        }
        List<Member> more = new ArrayList<>();
        for (Listeners listeners : byPattern.values()) {
            if (listeners.pattern().matches(name)) {
                for (Member member : listeners.room().members()) {
                    if (heard.add(member.session())) {
                        more.add(member);
                    }
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
