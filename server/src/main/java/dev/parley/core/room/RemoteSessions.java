// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sessions on other nodes that are in the roster of a room. Under the lock of the room. */
final class RemoteSessions {

    /** In the order in which they entered. */
    private final SequencedMap<SessionId, RosterEntry> sessions = new LinkedHashMap<>();

    private final Set<SessionId> unconfirmed = new LinkedHashSet<>();

    private int losses;

    /** Sessions by peer id; no map is empty. */
    private final Map<String, SequencedMap<SessionId, RosterEntry>> byPeer = new HashMap<>();

    /** Marks all sessions as unconfirmed until they are put again. Returns how often this was called. */
    int unconfirm() {
        unconfirmed.addAll(sessions.keySet());
        return ++losses;
    }

    /** How often all sessions became unconfirmed. */
    int losses() {
        return losses;
    }

    /** Sessions that were not put again. */
    List<SessionId> unconfirmed() {
        return List.copyOf(unconfirmed);
    }

    /** Returns how many there are. */
    int count() {
        return sessions.size();
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    /** Adds a session, or replaces what is known of it. */
    void put(RosterEntry entry) {
        unconfirmed.remove(entry.session());
        sessions.put(entry.session(), entry);
        byPeer.computeIfAbsent(entry.peer().id(), id -> new LinkedHashMap<>(2)).put(entry.session(), entry);
    }

    /** Removes a session, and returns it; null if it was not there. */
    @Nullable
    RosterEntry remove(SessionId session) {
        unconfirmed.remove(session);
        RosterEntry removed = sessions.remove(session);
        if (removed != null) {
            byPeer.computeIfPresent(removed.peer().id(), (id, ofPeer) -> {
                ofPeer.remove(session);
                return ofPeer.isEmpty() ? null : ofPeer;
            });
        }
        return removed;
    }

    @Nullable
    RosterEntry get(SessionId session) {
        return sessions.get(session);
    }

    /** Whether a session of that peer is there. */
    boolean holds(String peer) {
        return byPeer.containsKey(peer);
    }

    /** The sessions of that peer. */
    Collection<RosterEntry> of(String peer) {
        SequencedMap<SessionId, RosterEntry> ofPeer = byPeer.get(peer);
        return ofPeer == null ? List.of() : ofPeer.values();
    }

    /** All sessions. */
    Collection<RosterEntry> all() {
        return sessions.values();
    }

    /** Their peers, each once, without those of these ids. */
    List<PeerIdentity> peersWithout(Set<String> known) {
        List<PeerIdentity> peers = new ArrayList<>();
        for (Map.Entry<String, SequencedMap<SessionId, RosterEntry>> ofPeer : byPeer.entrySet()) {
            if (!known.contains(ofPeer.getKey())) {
                peers.add(ofPeer.getValue().firstEntry().getValue().peer());
            }
        }
        return peers;
    }
}
