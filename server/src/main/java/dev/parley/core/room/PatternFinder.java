// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.ComparedName;
import dev.parley.core.access.PatternCost;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Loop;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the subscribers of the patterns that match the name of a room. Without patterns this costs a publisher one
 * read. The matches of a name are remembered, and a pattern that is new is compared with it once.
 *
 * <p>A publisher pays for comparisons with a name that is not remembered. What a new pattern costs for names that are
 * remembered is paid by a subscriber that leaves the pattern: a pattern that is added and removed again and again costs
 * its owner, and no publisher.
 */
final class PatternFinder {

    private final RoomRegistry rooms;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, below which no other is taken. */
    private final Map<String, PatternSubscribers> byPattern = new HashMap<>();

    /** Guarded by the lock. */
    private final PatternShares shares = new PatternShares();

    /** Replaced under the lock whenever a pattern is added or removed. */
    private volatile PatternSet current = PatternSet.EMPTY;

    PatternFinder(RoomRegistry rooms) {
        this.rooms = rooms;
    }

    /** Whether there are no patterns. */
    boolean isEmpty() {
        return current.isEmpty();
    }

    /** Returns what it costs to compare a name with all patterns. */
    PatternCost cost() {
        return current.cost();
    }

    /** Full if there are as many patterns as there may be, or the client holds its share of them. */
    EntryResult listen(ChannelPattern pattern, Session session, MemberInterest interest) {
        while (true) {
            PatternSubscribers subscribers = subscribers(pattern, session);
            if (subscribers == null) {
                return EntryResult.Full.OF_PATTERNS;
            }
            if (subscribers.room().admit(session, interest, false, Integer.MAX_VALUE, Integer.MAX_VALUE)
                    instanceof EntryResult.Admitted admitted) {
                return admitted;
            }
            forget(subscribers.room());
        }
    }

    private @Nullable PatternSubscribers subscribers(ChannelPattern pattern, Session session) {
        String text = pattern.toString();
        lock.lock();
        try {
            PatternSubscribers known = byPattern.get(text);
            if (known != null) {
                return known;
            }
            PatternOwner owner = PatternOwner.of(session);
            if (!shares.take(owner, rooms.bounds().patterns())) {
                return null;
            }
            PatternSubscribers added =
                    new PatternSubscribers(pattern, new Room(text, rooms, false), current.version() + 1, owner);
            byPattern.put(text, added);
            current = current.with(added);
            return added;
        } finally {
            lock.unlock();
        }
    }

    /** The last member left the room. */
    void forget(Room room) {
        lock.lock();
        try {
            PatternSubscribers known = known(room);
            if (known != null) {
                byPattern.remove(room.name());
                shares.give(known.owner());
                current = current.without(known);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A member left the room and this one remains: the pattern is the share of a client that subscribes to it. */
    void remain(Room room, Session leaver, Session remaining) {
        lock.lock();
        try {
            PatternSubscribers known = known(room);
            if (known != null && known.owner().equals(PatternOwner.of(leaver))) {
                PatternOwner owner = PatternOwner.of(remaining);
                shares.transfer(known.owner(), owner);
                known.setOwner(owner);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a later room of the same pattern stays
    private @Nullable PatternSubscribers known(Room room) {
        PatternSubscribers known = byPattern.get(room.name());
        return known != null && known.room() == room ? known : null;
    }

    /** Returns the unpaid steps of comparisons with a pattern, and resets them. */
    long takeUnpaidSteps(String pattern) {
        lock.lock();
        try {
            PatternSubscribers known = byPattern.get(pattern);
            return known == null ? 0 : known.takeUnpaid();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the members of a room and the subscribers of patterns that match its name, each session once, those of
     * one loop together. The array is not to be changed.
     *
     * @param memory counts the steps of comparisons; null if nothing is to be remembered or counted
     */
    RoomMember[] audience(Room room, @Nullable NameMemory memory) {
        RoomMember[] members = room.members().all();
        if (current.isEmpty()) {
            return members;
        }
        PatternMatches known = room.matches();
        if (known == null && memory != null) {
            known = memory.matches(room.name());
        }
        PatternSet patterns = current; // read behind the matches, so of no earlier version
        PatternMatches matches = matches(patterns, room.name(), known, memory);
        if (known == null && memory != null) {
            memory.remember(room.name(), matches, patterns.cost().steps(room.name()));
        }
        if (!matches.equals(room.matches())) {
            room.setMatches(matches);
        }
        return with(members, patterns, matches);
    }

    /**
     * Returns the subscribers of patterns that match a name that has no room, as {@link #audience(Room,
     * NameMemory)}.
     */
    RoomMember[] audience(String name, @Nullable NameMemory memory) {
        PatternSet patterns = current;
        if (patterns.isEmpty()) {
            return Room.NOBODY;
        }
        PatternMatches known = memory == null ? null : memory.matches(name);
        PatternMatches matches = matches(patterns, name, known, memory);
        if (memory != null && !matches.equals(known)) {
            memory.remember(name, matches, patterns.cost().steps(name));
        }
        return with(Room.NOBODY, patterns, matches);
    }

    private static PatternMatches matches(
            PatternSet patterns, String name, @Nullable PatternMatches known, @Nullable NameMemory memory) {
        if (known != null && known.version() == patterns.version()) {
            return known;
        }
        ComparedName compared = new ComparedName(name);
        PatternMatches matches = known == null ? patterns.matches(compared) : patterns.update(compared, known);
        if (memory != null && known == null) {
            memory.addSteps(compared.steps());
        } else if (memory != null) {
            memory.addLaterSteps(compared.steps());
        }
        return matches;
    }

    private static RoomMember[] with(RoomMember[] members, PatternSet patterns, PatternMatches matches) {
        if (matches.places().length == 0) {
            return members;
        }
        Set<Session> receivers = new HashSet<>();
        for (RoomMember member : members) {
            receivers.add(member.session());
        }
        List<RoomMember> more = new ArrayList<>();
        for (int place : matches.places()) {
            PatternSubscribers subscribers = patterns.at(place);
            if (subscribers != null) {
                addNew(subscribers.room().members().all(), receivers, more);
            }
        }
        return more.isEmpty() ? members : together(members, more);
    }

    private static void addNew(RoomMember[] members, Set<Session> receivers, List<RoomMember> more) {
        for (RoomMember member : members) {
            if (receivers.add(member.session())) {
                more.add(member);
            }
        }
    }

    /** Members of one loop next to each other, and of these, those of one protocol; in the same order each time. */
    private static RoomMember[] together(RoomMember[] members, List<RoomMember> more) {
        Map<Loop, Map<ClientProtocol, List<RoomMember>>> byReceivers = new LinkedHashMap<>();
        Stream.concat(Arrays.stream(members), more.stream())
                .forEach(member -> byReceivers
                        .computeIfAbsent(member.session().loop(), loop -> new LinkedHashMap<>())
                        .computeIfAbsent(member.session().protocol(), protocol -> new ArrayList<>())
                        .add(member));
        List<RoomMember> all = new ArrayList<>(members.length + more.size());
        byReceivers.values().forEach(ofLoop -> ofLoop.values().forEach(all::addAll));
        return all.toArray(Room.NOBODY);
    }
}
