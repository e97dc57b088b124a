// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every signal, and its due receivers: clients that heard the room, or were the peer, when it was submitted, and still
 * do when it arrives. Clients of a node that failed are excused, and so is a signal whose sender got an error.
 */
final class SignalLedger {

    private final List<ClusterClient> clients;
    private final List<Entry> entries = new ArrayList<>();

    /** The highest number read so far, by receiver and then sender. */
    private final Map<Long, Map<Long, Long>> read = new HashMap<>();

    private final Set<ClusterNode> disturbed = new HashSet<>();

    /** One signal. */
    static final class Entry {

        private final long number;
        private final long sender;
        private final @Nullable String room;
        private final Set<ClusterClient> due = new HashSet<>();
        private final Set<Long> readers = new HashSet<>();
        private boolean isAcknowledged;

        Entry(long number, long sender, @Nullable String room) {
            this.number = number;
            this.sender = sender;
            this.room = room;
        }

        long number() {
            return number;
        }

        void acknowledged() {
            isAcknowledged = true;
        }

        void failed() {
            due.clear();
        }
    }

    SignalLedger(List<ClusterClient> clients) {
        this.clients = clients;
    }

    Entry published(ClusterClient sender, String room) {
        return add(sender, room, it -> !it.equals(sender) && it.hears(room));
    }

    Entry sent(ClusterClient sender, String to) {
        return add(sender, null, it -> it.peer.equals(to) && it.isReachable());
    }

    private Entry add(ClusterClient sender, @Nullable String room, Predicate<ClusterClient> receives) {
        Entry entry = new Entry(entries.size(), sender.id(), room);
        entries.add(entry);
        clients.stream()
                .filter(it -> it.app.equals(sender.app) && !it.isOver() && !disturbed.contains(it.node))
                .filter(receives)
                .forEach(entry.due::add);
        return entry;
    }

    void givenUp(ClusterClient client, String room) {
        entries.stream().filter(entry -> room.equals(entry.room)).forEach(entry -> entry.due.remove(client));
    }

    void gone(ClusterClient client) {
        entries.forEach(entry -> entry.due.remove(client));
    }

    /** From now until {@link #calm} signals to this node may get lost. */
    void disturb(ClusterNode node) {
        disturbed.add(node);
        entries.forEach(entry -> entry.due.removeIf(client -> client.node == node));
    }

    /** Whether this peer is in the room without interruption, on a node on which nothing failed. */
    boolean hasStayed(String app, String peer, String room) {
        return clients.stream()
                .anyMatch(it -> it.app.equals(app)
                        && it.peer.equals(peer)
                        && it.hasStayed(room)
                        && !disturbed.contains(it.node));
    }

    void calm() {
        disturbed.clear();
    }

    void read(ClusterClient reader, long number, @Nullable String room) {
        Entry entry = entries.get((int) number);
        check(java.util.Objects.equals(entry.room, room), "altered");
        check(entry.room == null || entry.sender != reader.id(), "its own signal");
        check(entry.readers.add(reader.id()), "a signal twice");
        Long before = read.computeIfAbsent(reader.id(), it -> new HashMap<>()).put(entry.sender, number);
        check(before == null || before < number, "signals of one sender in another order");
        entry.due.remove(reader);
    }

    /** Nothing is missing. */
    void rest() {
        for (Entry entry : entries) {
            if (entry.isAcknowledged && !entry.due.isEmpty()) {
                throw new AssertionError("signal " + entry.number + " of client " + entry.sender + " in " + entry.room
                        + " was acknowledged and never read by " + entry.due);
            }
        }
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new AssertionError(complaint);
        }
    }
}
