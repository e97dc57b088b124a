// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Reads parts of the lists of one app on this node. Safe from any thread. */
record AppLists(PeerRegistry peers, RoomRegistry rooms) {

    /** A part ends after so many characters of names. */
    private static final int MOST_CHARACTERS = 128 << 10;

    /** The most rooms that are listed of one peer. */
    private static final int MOST_ROOMS = 500;

    ListPart read(ListQuery query) {
        return switch (query.kind()) {
            case ROOMS -> readRooms(query);
            case PEERS -> readPeers(query);
            case ROSTER -> readRoster(query);
        };
    }

    private ListPart readRooms(ListQuery query) {
        String prefix = query.scope();
        List<String> names = query.after().compareTo(prefix) < 0
                ? rooms.names().from(prefix, query.most() + 1)
                : rooms.names().after(query.after(), query.most() + 1);
        PartBuilder part = new PartBuilder(query.most());
        for (String name : names) {
            if (!name.startsWith(prefix)
                    || !part.add(new ListPart.Item(name, rooms.peers(name), null, List.of(), true))) {
                break;
            }
        }
        return part.build();
    }

    private ListPart readPeers(ListQuery query) {
        PartBuilder part = new PartBuilder(query.most());
        for (String id : peers.ids().after(query.after(), query.most() + 1)) {
            List<Session> sessions = peers.sessionsOf(id);
            if (!sessions.isEmpty() && !part.add(item(id, sessions))) { // it may have left a moment ago
                break;
            }
        }
        return part.build();
    }

    private static ListPart.Item item(String id, List<Session> sessions) {
        NavigableSet<String> names = new TreeSet<>();
        boolean isWhole = true;
        for (Session session : sessions) {
            for (RoomMembership it = session.newestMembership(); it != null && isWhole; it = it.older()) {
                if (it.isEntered()) {
                    isWhole = names.size() < MOST_ROOMS || names.contains(it.room());
                    names.add(it.room());
                }
            }
        }
        String metadata = sessions.getFirst().peer().metadata();
        return new ListPart.Item(id, sessions.size(), metadata, List.copyOf(names), isWhole);
    }

    private ListPart readRoster(ListQuery query) {
        PartBuilder part = new PartBuilder(query.most());
        for (PeerIdentity peer : rooms.roster(query.scope(), query.after(), query.most() + 1)) {
            if (!part.add(new ListPart.Item(peer.id(), 1, peer.metadata(), List.of(), true))) {
                break;
            }
        }
        return part.build();
    }

    /** Collects items until the part is full. */
    private static final class PartBuilder {

        private final int most;
        private final List<ListPart.Item> items = new ArrayList<>();
        private int characters;
        private boolean hasMore;

        PartBuilder(int most) {
            this.most = most;
        }

        /** Adds an item; returns false, and adds nothing, if the part is full. */
        boolean add(ListPart.Item item) {
            hasMore = items.size() == most || characters > MOST_CHARACTERS;
            if (!hasMore) {
                items.add(item);
                characters += item.name().length()
                        + (item.metadata() == null ? 0 : item.metadata().length())
                        + item.rooms().stream().mapToInt(String::length).sum();
            }
            return !hasMore;
        }

        ListPart build() {
            return new ListPart(items, hasMore);
        }
    }
}
