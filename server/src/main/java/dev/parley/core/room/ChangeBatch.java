// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.PeerIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes of a room that are announced together, as if the newcomers had entered one after the other. Each gets
 * the roster of the peers that were there, encoded once for all, then of the newcomers before it, then an event for
 * those behind it. Members that were there receive one combined event. Under the lock of the room.
 *
 * @param newcomers are about to enter; those of one loop next to each other
 * @param joined entered on other nodes, and were not in the roster
 * @param left were there, and have gone already
 */
record ChangeBatch(List<RoomMember> newcomers, List<PeerIdentity> joined, List<PeerIdentity> left) {

    boolean isEmpty() {
        return newcomers.isEmpty() && joined.isEmpty() && left.isEmpty();
    }

    /**
     * Newcomers first, so that what others say to them comes behind their rosters; and they can read, and say anything,
     * only when all others have been posted word of them.
     *
     * @param members of the room, with the newcomers
     * @param remote what is in the roster besides the members, also those who joined
     * @param toNewcomers holds back what they read until the room's lock is free
     */
    @SuppressWarnings("CatchingUnchecked") // an error of the allocator is no exception
    void tell(RoomMember[] members, RemoteSessions remote, PresenceNotifier toNewcomers, PresenceNotifier toOthers) {
        try {
            Present present = Present.among(members, remote);
            List<RoomMember> first = enter(present);
            try {
                tellNewcomers(present, first, toNewcomers);
            } finally {
                tellOthers(present, first, toOthers); // in any case: some left, and those who entered will leave
            }
        } catch (RuntimeException | Error e) {
            newcomers.forEach(newcomer -> newcomer.session().fail(e)); // each may lack something, and would not know
            throw e;
        }
    }

    /**
     * The peers that are in the roster before the newcomers.
     *
     * @param ids of all of them
     * @param here of those that are members
     * @param told members that receive presence
     */
    private record Present(List<PeerIdentity> peers, Set<String> ids, Set<String> here, List<RoomMember> told) {

        static Present among(RoomMember[] members, RemoteSessions remote) {
            List<PeerIdentity> peers = new ArrayList<>(members.length);
            Set<String> here = HashSet.newHashSet(members.length);
            List<RoomMember> told = new ArrayList<>(members.length);
            for (RoomMember member : members) {
                if (member.isListed()) {
                    peers.add(member.session().peer());
                    here.add(member.session().peer().id());
                }
                if (member.isEntered() && member.interest().presence()) {
                    told.add(member);
                }
            }
            if (remote.isEmpty()) {
                return new Present(peers, here, here, told);
            }
            peers.addAll(remote.peersWithout(here));
            Set<String> ids = HashSet.newHashSet(peers.size());
            peers.forEach(peer -> ids.add(peer.id()));
            return new Present(peers, ids, here, told);
        }

        boolean holds(RoomMember member) {
            return ids.contains(member.session().peer().id());
        }
    }

    /** Returns the first of each peer that is new, in their order: another connection is no other peer. */
    private List<RoomMember> enter(Present present) {
        List<RoomMember> first = new ArrayList<>(newcomers.size());
        Set<String> ids = HashSet.newHashSet(newcomers.size());
        for (RoomMember newcomer : newcomers) {
            String peer = newcomer.session().peer().id();
            boolean isListed = !present.here().contains(peer) && ids.add(peer);
            newcomer.entered(isListed);
            if (isListed && !present.holds(newcomer)) {
                first.add(newcomer);
            }
        }
        return first;
    }

    private void tellNewcomers(Present present, List<RoomMember> first, PresenceNotifier notifier) {
        List<RoomMember> alike = new ArrayList<>(newcomers.size());
        for (RoomMember newcomer : newcomers) {
            if (newcomer.interest().presence()) {
                if (present.holds(newcomer)) {
                    notifier.roster(others(newcomer, present.peers()), newcomer);
                } else {
                    alike.add(newcomer);
                }
            }
        }
        if (!alike.isEmpty()) {
            notifier.roster(present.peers(), alike.toArray(Room.NOBODY));
        }
        tellOfEachOther(first, notifier);
    }

    @SuppressWarnings("ReferenceEquality") // a member is nothing but itself
    private void tellOfEachOther(List<RoomMember> first, PresenceNotifier notifier) {
        List<PeerIdentity> joined = peers(first);
        int entered = 0;
        for (RoomMember newcomer : newcomers) {
            if (newcomer.interest().presence()) {
                List<PeerIdentity> before = others(newcomer, joined.subList(0, entered));
                if (!before.isEmpty()) {
                    notifier.roster(before, newcomer);
                }
                List<PeerIdentity> behind = others(newcomer, joined.subList(entered, joined.size()));
                if (!behind.isEmpty()) {
                    notifier.change(behind, List.of(), newcomer);
                }
            }
            entered += entered < first.size() && first.get(entered) == newcomer ? 1 : 0;
        }
    }

    /** Announces peers that left and joined again in a message of their own: one message with both removes a peer. */
    private void tellOthers(Present present, List<RoomMember> first, PresenceNotifier notifier) {
        List<PeerIdentity> joined = new ArrayList<>(this.joined);
        joined.addAll(peers(first));
        Set<String> gone = HashSet.newHashSet(left.size());
        left.forEach(peer -> gone.add(peer.id()));
        RoomMember[] told = present.told().toArray(Room.NOBODY);
        boolean isAnyoneBack = joined.stream().anyMatch(peer -> gone.contains(peer.id()));
        if (isAnyoneBack) {
            notifier.change(List.of(), left, told);
            notifier.change(joined, List.of(), told);
        } else if (!joined.isEmpty() || !left.isEmpty()) {
            notifier.change(joined, left, told);
        }
    }

    private static List<PeerIdentity> peers(List<RoomMember> members) {
        return members.stream().map(member -> member.session().peer()).toList();
    }

    private static List<PeerIdentity> others(RoomMember member, List<PeerIdentity> peers) {
        String own = member.session().peer().id();
        return peers.stream().filter(peer -> !peer.id().equals(own)).toList();
    }
}
