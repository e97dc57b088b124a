// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client's view of a room: the first presence is the roster, and no peer joins twice or leaves unjoined.
 */
final class RoomView {

    final Set<String> peers = new HashSet<>();
    private final String self;

    /** The client was not in the room before. */
    final boolean isFirst;

    boolean isAcknowledged;
    boolean hasRoster;
    boolean isGivenUp;

    RoomView(String self, boolean isFirst) {
        this.self = self;
        this.isFirst = isFirst;
    }

    /** Returns the peers that joined. */
    Set<String> read(Map<String, Object> presence) {
        Set<String> joined = ids(presence, "joined");
        Set<String> left = ids(presence, "left");
        check(!joined.contains(self) && !left.contains(self), "received its own peer");
        check(hasRoster || left.isEmpty(), "the first presence is no roster");
        check(Collections.disjoint(joined, left), "came and went at once");
        check(Collections.disjoint(peers, joined), "came who was there");
        check(peers.containsAll(left), "went who was not there");
        hasRoster = true;
        peers.addAll(joined);
        peers.removeAll(left);
        return joined;
    }

    @SuppressWarnings("unchecked")
    private static Set<String> ids(Map<String, Object> presence, String key) {
        Set<String> ids = new HashSet<>();
        for (Map<String, Object> entry : (List<Map<String, Object>>) presence.get(key)) {
            check(ids.add((String) entry.get("peerId")), "one peer twice");
        }
        return ids;
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new AssertionError(complaint);
        }
    }
}
