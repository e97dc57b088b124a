// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.PeerIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a crowded room that wait, for one window after the last announcement, to be announced together. Under the
 * lock of the room.
 */
final class ChangeWindow {

    /** The cost of a batch grows with the square of its newcomers, which are announced to each other one by one. */
    private static final int NEWCOMERS_IN_A_BATCH = 100;

    /**
     * This many peers that enter or leave may be announced in one window, more in a longer one: 1,000 a second with
     * windows of 50 ms.
     */
    private static final int PEERS_IN_A_WINDOW = 50;

    /** A change waits no longer than so many windows. */
    private static final int MOST_WINDOWS = 20;

    private final Set<RoomMember> newcomers = new HashSet<>();
    private final List<PeerIdentity> left = new ArrayList<>();

    /** Peers that entered on other nodes, by id. */
    private final SequencedMap<String, PeerIdentity> joined = new LinkedHashMap<>();

    /** In this window, also of those who came and went unseen. */
    private int changes;

    /** Peers that entered or left, and were announced at the end of this window. */
    private int told;

    /** Until it is announced the member only receives the signals of the room. */
    void add(RoomMember newcomer) {
        changes += newcomers.add(newcomer) ? 1 : 0;
    }

    /** Whether the member was still waiting: no member has seen it, so its leaving is not announced. */
    boolean drop(RoomMember leaver) {
        boolean wasWaiting = newcomers.remove(leaver);
        changes += wasWaiting ? 1 : 0;
        return wasWaiting;
    }

    /** A peer that was in the roster has left it; if its entry was not announced, its leaving is not either. */
    void addLeft(PeerIdentity peer) {
        if (joined.remove(peer.id()) == null) {
            left.add(peer);
        }
        changes++;
    }

    /** A peer entered the roster on another node. */
    void addJoined(PeerIdentity peer) {
        joined.put(peer.id(), peer);
        changes++;
    }

    /** Whether this peer, which entered on another node, or this member is waiting. */
    boolean holds(String peer, @Nullable RoomMember member) {
        return joined.containsKey(peer) || (member != null && newcomers.contains(member));
    }

    /** Whether more than one change happened in this window: one alone needs no batches. */
    boolean isBusy() {
        return changes > 1;
    }

    /** Whether somebody still waits. */
    boolean isAwaited() {
        return !newcomers.isEmpty();
    }

    void told(ChangeBatch batch) {
        told += batch.newcomers().size() + batch.joined().size() + batch.left().size();
    }

    /**
     * Returns how many windows changes wait from now on: more than one where so many are announced that members on slow
     * lines could not take it, as somebody comes and goes all the time.
     */
    int windowsUntilNext() {
        return Math.clamp(told / PEERS_IN_A_WINDOW, 1, MOST_WINDOWS);
    }

    /** Starts another window. */
    void goOn() {
        changes = 0;
        told = 0;
    }

    /**
     * Takes the changes that can be announced now, those of other nodes and who left with the first batch. A newcomer
     * that is behind in reading waits on: many rooms it enters may be announced at the same moment, and all rosters
     * together may be more than it takes.
     */
    ChangeBatch next(RoomMember[] members) {
        List<RoomMember> next = new ArrayList<>();
        for (RoomMember member : members) {
            if (next.size() == NEWCOMERS_IN_A_BATCH || newcomers.isEmpty()) {
                break;
            }
            if (!member.session().isBehind() && newcomers.remove(member)) {
                next.add(member);
            }
        }
        ChangeBatch batch = new ChangeBatch(next, List.copyOf(joined.values()), List.copyOf(left));
        joined.clear();
        left.clear();
        return batch;
    }
}
