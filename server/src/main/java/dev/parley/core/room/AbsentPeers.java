// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.RosterEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Peers of a room who lost their sockets and are waited for. A peer is away while it is in the roster and all its
 * members are away, on whatever node; that is derived from the members each time, and compared with what was announced.
 * Members whose sessions outlive their sockets get the difference, a moment later and of several peers together: a
 * network that fails takes many peers with it. Under the lock of the room.
 */
final class AbsentPeers {

    /** Sessions of all peers, also members that are not in the roster yet, or beside one that is present. */
    private int awaySessions;

    /** Ids of the peers that were announced as away and are in the roster. */
    private final Set<String> announced = new TreeSet<>();

    private boolean isAnnouncementDue;

    /** Adds to the count of sessions that are away; negative if they are back or gone. */
    void count(int more) {
        awaySessions += more;
    }

    /** The peer has left the roster: that is announced, and nothing else of it. */
    void forget(String peer) {
        announced.remove(peer);
    }

    boolean isEmpty() {
        return awaySessions == 0 && announced.isEmpty();
    }

    /** Returns whether an announcement has to be scheduled, as a member of this peer has changed. */
    boolean claimAnnouncement(String changed, RoomMember[] members, RemoteSessions remote) {
        if (isAnnouncementDue || isAway(changed, members, remote) == announced.contains(changed)) {
            return false;
        }
        isAnnouncementDue = true;
        return true;
    }

    /** Announces what changed since the last announcement. */
    void announce(RoomMember[] members, RemoteSessions remote, PresenceNotifier notifier) {
        isAnnouncementDue = false;
        Set<String> away = away(members, remote);
        Set<String> back = without(announced, away);
        Set<String> lost = without(away, announced);
        announced.removeAll(back);
        announced.addAll(lost);
        RoomMember[] entered =
                Arrays.stream(members).filter(RoomMember::isEntered).toArray(RoomMember[]::new);
        post(back, true, entered, notifier);
        post(lost, false, entered, notifier);
    }

    /** Sends a member, which was just sent the roster and may be about to enter it, which peers of it are away. */
    void announceAll(RoomMember member, PresenceNotifier notifier) {
        post(without(announced, Set.of(id(member))), false, new RoomMember[] {member}, notifier);
    }

    private static void post(Set<String> peers, boolean areBack, RoomMember[] members, PresenceNotifier notifier) {
        if (peers.isEmpty()) {
            return;
        }
        List<RoomMember> others = new ArrayList<>();
        for (RoomMember member : members) {
            if (receivesAbsences(member) && peers.contains(id(member))) {
                postWithoutOwn(peers, areBack, member, notifier);
            } else if (receivesAbsences(member)) {
                others.add(member);
            }
        }
        notifier.absence(List.copyOf(peers), areBack, others.toArray(Room.NOBODY));
    }

    /** Its own peer is in no roster of the member. */
    private static void postWithoutOwn(
            Set<String> peers, boolean areBack, RoomMember member, PresenceNotifier notifier) {
        Set<String> others = without(peers, Set.of(id(member)));
        if (!others.isEmpty()) {
            notifier.absence(List.copyOf(others), areBack, member);
        }
    }

    private static boolean receivesAbsences(RoomMember member) {
        return member.interest().presence() && member.session().isLasting();
    }

    private boolean isAway(String peer, RoomMember[] members, RemoteSessions remote) {
        boolean hasAway = false;
        for (int i = 0; awaySessions > 0 && i < members.length; i++) {
            RoomMember member = members[i];
            if (member.isEntered() && id(member).equals(peer)) {
                if (!member.isAway()) {
                    return false;
                }
                hasAway = true;
            }
        }
        for (RosterEntry entry : remote.of(peer)) {
            if (!entry.isAway()) {
                return false;
            }
            hasAway = true;
        }
        return hasAway;
    }

    /** Returns the ids of the peers that are away now. */
    private static Set<String> away(RoomMember[] members, RemoteSessions remote) {
        Set<String> away = new TreeSet<>();
        for (RoomMember member : members) {
            if (member.isEntered() && member.isAway()) {
                away.add(id(member));
            }
        }
        remote.all().stream()
                .filter(RosterEntry::isAway)
                .forEach(it -> away.add(it.peer().id()));
        remote.all().stream()
                .filter(it -> !it.isAway())
                .forEach(it -> away.remove(it.peer().id()));
        for (int i = 0; !away.isEmpty() && i < members.length; i++) {
            if (members[i].isEntered() && !members[i].isAway()) {
                away.remove(id(members[i]));
            }
        }
        return away;
    }

    private static String id(RoomMember member) {
        return member.session().peer().id();
    }

    private static Set<String> without(Set<String> peers, Set<String> others) {
        Set<String> remaining = new TreeSet<>(peers);
        remaining.removeAll(others);
        return remaining;
    }
}
