// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Peers of a room who lost their sockets and are waited for. Members whose sessions outlive their sockets are told, a moment
 * later and of several together: a network that fails takes many peers with it. Under the lock of the room.
 */
final class Absences {

    /** Their ids. */
    private final Set<String> away = new TreeSet<>();

    /** Whether they are back, of those it was not told yet. */
    private final Map<String, Boolean> untold = new LinkedHashMap<>();

    /** The peer, who is in the roster, is away or back from now on. Returns whether this is the first of what is to be told. */
    boolean change(String peer, boolean isAway) {
        boolean isChange = isAway ? away.add(peer) : away.remove(peer);
        if (!isChange) {
            return false;
        }
        boolean isFirst = untold.isEmpty();
        untold.put(peer, !isAway);
        return isFirst;
    }

    /** The peer is in the roster no longer: that is told, and nothing else of it. */
    void forget(Peer peer) {
        away.remove(peer.id());
        untold.remove(peer.id());
    }

    boolean isEmpty() {
        return away.isEmpty() && untold.isEmpty();
    }

    /** Tells what happened since the last telling. */
    void tell(Member[] members, Herald herald) {
        tell(true, members, herald);
        tell(false, members, herald);
        untold.clear();
    }

    private void tell(boolean areBack, Member[] members, Herald herald) {
        List<String> peers = new ArrayList<>();
        untold.forEach((peer, isBack) -> {
            if (isBack == areBack) {
                peers.add(peer);
            }
        });
        if (!peers.isEmpty()) {
            Member[] told = Arrays.stream(members)
                    .filter(it -> it.isEntered() && isTold(it))
                    .toArray(Member[]::new);
            herald.absence(peers, areBack, told);
        }
    }

    /** Tells a member, who was just told the roster, of those in it. */
    void tellAll(Member member, Herald herald) {
        if (!away.isEmpty() && isTold(member)) {
            herald.absence(List.copyOf(away), false, member);
        }
    }

    private static boolean isTold(Member member) {
        return member.interest().presence() && member.session().isLasting();
    }
}
