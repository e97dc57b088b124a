// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.AddressShare;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The members of a room, and the roster they make: of each peer, one member that has entered is listed. Changed under
 * the lock of the room, read by any thread.
 */
final class RoomMembers {

    /**
     * Members of one loop stand next to each other, and of these, members of one protocol. Replaced as a whole, so that
     * publishing reads it without a lock.
     */
    private volatile RoomMember[] all = Room.NOBODY;

    /** Peers in the roster. */
    private volatile int peers;

    /** All members, also those that have not entered yet. The array is not to be changed. */
    RoomMember[] all() {
        return all;
    }

    /** How many members there are. */
    int count() {
        return all.length;
    }

    /** Adds a member. */
    void add(RoomMember newcomer) {
        RoomMember[] present = all;
        int place = placeBehind(present, newcomer);
        RoomMember[] more = new RoomMember[present.length + 1];
        System.arraycopy(present, 0, more, 0, place);
        more[place] = newcomer;
        System.arraycopy(present, place, more, place + 1, present.length - place);
        all = more;
    }

    /** Removes a member; returns false if it was not there. */
    boolean remove(RoomMember leaver) {
        RoomMember[] present = all;
        RoomMember[] remaining =
                Arrays.stream(present).filter(member -> member != leaver).toArray(RoomMember[]::new);
        all = remaining;
        return remaining.length < present.length;
    }

    /** Peers in the roster. */
    int peers() {
        return peers;
    }

    /** Counts peers of the roster. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // other threads only read it
    void countPeers(int more) {
        peers += more;
    }

    /**
     * Whether there is a place for a session: peers take one, however many connections they have, and clients at one
     * address may take their share.
     *
     * @param capacity how many peers there may be with the session
     */
    boolean hasPlace(Session newcomer, int capacity) {
        RoomMember[] present = all;
        return !mayBeFull(newcomer, present, capacity) || fits(newcomer, present, capacity);
    }

    /** Other members of the same peer that have entered. */
    List<RoomMember> siblings(RoomMember member) {
        return select(other -> other != member && other.isEntered() && other.isSamePeerAs(member));
    }

    /** Members of that peer that have entered. */
    boolean hasEntered(String peer) {
        return Arrays.stream(all).anyMatch(it -> it.isEntered() && it.isOf(peer));
    }

    /** Members that have entered and receive presence, without those of that peer. */
    RoomMember[] audienceOf(String peer) {
        return select(other -> other.isEntered() && other.interest().presence() && !other.isOf(peer))
                .toArray(Room.NOBODY);
    }

    /**
     * The peers of the roster, without the member's own.
     *
     * @param remote what is in the roster besides the members
     */
    List<PeerIdentity> othersThan(RoomMember member, RemoteSessions remote) {
        List<PeerIdentity> others = new ArrayList<>();
        for (RoomMember other : all) {
            if (other.isListed() && !other.isSamePeerAs(member)) {
                others.add(other.session().peer());
            }
        }
        if (!remote.isEmpty()) {
            Set<String> known = new HashSet<>();
            known.add(member.session().peer().id());
            others.forEach(it -> known.add(it.id()));
            others.addAll(remote.peersWithout(known));
        }
        return others;
    }

    /** Returns each peer of the roster once, in the order of their ids, see {@link RoomRegistry#roster}. */
    List<PeerIdentity> page(String after, int max) {
        NavigableMap<String, PeerIdentity> first = new TreeMap<>();
        for (RoomMember member : all) {
            PeerIdentity peer = member.session().peer();
            boolean isDue = member.isEntered()
                    && peer.id().compareTo(after) > 0
                    && (first.size() < max || peer.id().compareTo(first.lastKey()) <= 0);
            if (isDue && (member.isListed() || !first.containsKey(peer.id()))) {
                first.put(peer.id(), peer);
                if (first.size() > max) {
                    first.pollLastEntry();
                }
            }
        }
        return List.copyOf(first.values());
    }

    /**
     * Whether there is no place if every member is a peer of its own, which is found out with less work than {@link
     * #fits}.
     */
    private static boolean mayBeFull(Session newcomer, RoomMember[] present, int capacity) {
        if (present.length < capacity / 2) {
            return false;
        }
        int held = 0;
        for (RoomMember member : present) {
            held += member.session().group().equals(newcomer.group()) ? 1 : 0;
        }
        return !AddressShare.allows(capacity, present.length, held);
    }

    /** Whether there is a place for one of its address: peers take one, however many connections they have. */
    private static boolean fits(Session newcomer, RoomMember[] present, int capacity) {
        Set<String> peers = new HashSet<>();
        Set<String> neighbours = new HashSet<>();
        for (RoomMember member : present) {
            String id = member.session().peer().id();
            peers.add(id);
            if (member.session().group().equals(newcomer.group())) {
                neighbours.add(id);
            }
        }
        return peers.contains(newcomer.peer().id()) || AddressShare.allows(capacity, peers.size(), neighbours.size());
    }

    private List<RoomMember> select(Predicate<RoomMember> condition) {
        List<RoomMember> selected = new ArrayList<>();
        for (RoomMember member : all) {
            if (condition.test(member)) {
                selected.add(member);
            }
        }
        return selected;
    }

    /** Behind the last member of the same loop and protocol, else of the same loop, else of all. */
    @SuppressWarnings("ReferenceEquality") // a loop and a protocol are nothing but themselves
    private static int placeBehind(RoomMember[] members, RoomMember newcomer) {
        int place = 0;
        for (int i = members.length; i > 0; i--) {
            Session session = members[i - 1].session();
            if (session.loop() == newcomer.session().loop()) {
                if (session.protocol() == newcomer.session().protocol()) {
                    return i;
                }
                place = place == 0 ? i : place;
            }
        }
        return place == 0 ? members.length : place;
    }
}
