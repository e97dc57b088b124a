// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes of a room that are told together, as if the newcomers had entered one after the other. Each has the roster of
 * those who were there, encoded once for all, then of the newcomers before it, then word of those behind it. Whoever was
 * there has one word of all. Under the lock of the room.
 *
 * @param newcomers are about to enter; those of one loop next to each other
 * @param left were there, and have gone already
 */
record Batch(List<Member> newcomers, List<Peer> left) {

    boolean isEmpty() {
        return newcomers.isEmpty() && left.isEmpty();
    }

    /**
     * Newcomers first, so that what others say to them comes behind their rosters; and they can read, and say anything,
     * only when all others have been posted word of them.
     *
     * @param members of the room, with the newcomers
     * @param toNewcomers holds back what they read until the room's lock is free
     */
    @SuppressWarnings("CatchingUnchecked") // an error of the allocator is no exception
    void tell(Member[] members, Herald toNewcomers, Herald toOthers) {
        try {
            Present present = Present.among(members);
            List<Peer> joined = enter(present);
            try {
                tellNewcomers(present, joined, toNewcomers);
            } finally {
                tellOthers(present, joined, toOthers); // in any case: some left, and those who entered will leave
            }
        } catch (RuntimeException | Error e) {
            newcomers.forEach(newcomer -> newcomer.session().fail(e)); // each may lack something, and would not know
            throw e;
        }
    }

    /** Those who are in the roster before the batch. */
    private record Present(List<Peer> peers, Set<String> ids, List<Member> told) {

        static Present among(Member[] members) {
            List<Peer> peers = new ArrayList<>(members.length);
            Set<String> ids = HashSet.newHashSet(members.length);
            List<Member> told = new ArrayList<>(members.length);
            for (Member member : members) {
                if (member.isListed()) {
                    peers.add(member.session().peer());
                    ids.add(member.session().peer().id());
                }
                if (member.isEntered() && member.interest().presence()) {
                    told.add(member);
                }
            }
            return new Present(peers, ids, told);
        }

        boolean holds(Member member) {
            return ids.contains(member.session().peer().id());
        }
    }

    /** Returns the peers that are new, in the order of their members: another connection is no other peer. */
    private List<Peer> enter(Present present) {
        List<Peer> joined = new ArrayList<>(newcomers.size());
        Set<String> ids = HashSet.newHashSet(newcomers.size());
        for (Member newcomer : newcomers) {
            Peer peer = newcomer.session().peer();
            boolean isFirst = !present.holds(newcomer) && ids.add(peer.id());
            newcomer.entered(isFirst);
            if (isFirst) {
                joined.add(peer);
            }
        }
        return joined;
    }

    private void tellNewcomers(Present present, List<Peer> joined, Herald herald) {
        List<Member> alike = new ArrayList<>(newcomers.size());
        for (Member newcomer : newcomers) {
            if (newcomer.interest().presence()) {
                if (present.holds(newcomer)) {
                    herald.roster(others(newcomer, present.peers()), newcomer);
                } else {
                    alike.add(newcomer);
                }
            }
        }
        if (!alike.isEmpty()) {
            herald.roster(present.peers(), alike.toArray(Room.NOBODY));
        }
        tellOfEachOther(joined, herald);
    }

    private void tellOfEachOther(List<Peer> joined, Herald herald) {
        int entered = 0;
        for (Member newcomer : newcomers) {
            if (newcomer.interest().presence()) {
                List<Peer> before = others(newcomer, joined.subList(0, entered));
                if (!before.isEmpty()) {
                    herald.roster(before, newcomer);
                }
                List<Peer> behind = others(newcomer, joined.subList(entered, joined.size()));
                if (!behind.isEmpty()) {
                    herald.change(behind, List.of(), newcomer);
                }
            }
            entered += newcomer.isListed() ? 1 : 0;
        }
    }

    /** Clients lose a peer that one message says has come and gone, so who came back comes in a message of its own. */
    private void tellOthers(Present present, List<Peer> joined, Herald herald) {
        Set<String> gone = HashSet.newHashSet(left.size());
        left.forEach(peer -> gone.add(peer.id()));
        Member[] told = present.told().toArray(Room.NOBODY);
        boolean isAnyoneBack = joined.stream().anyMatch(peer -> gone.contains(peer.id()));
        if (isAnyoneBack) {
            herald.change(List.of(), left, told);
            herald.change(joined, List.of(), told);
        } else if (!joined.isEmpty() || !left.isEmpty()) {
            herald.change(joined, left, told);
        }
    }

    private static List<Peer> others(Member member, List<Peer> peers) {
        String own = member.session().peer().id();
        return peers.stream().filter(peer -> !peer.id().equals(own)).toList();
    }
}
