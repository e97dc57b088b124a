// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import dev.parley.core.access.AddressShare;
import dev.parley.core.port.Command;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** One app in the {@link ModelStore}: its sessions, and the rooms they are in. */
final class ModelApp {

    private final String name;
    private final BiConsumer<String, NodeEvent> inboxes;

    private final Map<SessionId, Home> sessions = new LinkedHashMap<>();
    private final Map<String, Map<SessionId, Seat>> rooms = new LinkedHashMap<>();
    private final Map<String, Map<SessionId, String>> patterns = new LinkedHashMap<>();

    /** By room and peer: that of the first session of the peer, for which the peer counts. */
    private final Map<String, Map<String, String>> firstAddresses = new LinkedHashMap<>();

    /** By node. */
    private final Map<String, Command.SetPatternCost> patternCosts = new LinkedHashMap<>();

    private record Home(String node, String peer, String address) {}

    private static final class Seat {
        final String node;
        final PeerIdentity peer;
        boolean isEntered;
        boolean isAway;

        Seat(String node, PeerIdentity peer, boolean isEntered, boolean isAway) {
            this.node = node;
            this.peer = peer;
            this.isEntered = isEntered;
            this.isAway = isAway;
        }
    }

    /** @param inboxes adds an event to the inbox of a node */
    ModelApp(String name, BiConsumer<String, NodeEvent> inboxes) {
        this.name = name;
        this.inboxes = inboxes;
    }

    boolean isEmpty() {
        return sessions.isEmpty() && rooms.isEmpty() && patterns.isEmpty();
    }

    Outcome arrive(String node, Command.Arrive arrive) {
        String peer = arrive.peer().id();
        PlaceRequest place = arrive.place();
        if (!sessions.containsKey(arrive.session())) {
            long own = sessions.values().stream()
                    .filter(home -> home.address().equals(place.address()))
                    .count();
            if (!AddressShare.allows(place.limit(), sessions.size(), own)) {
                return new Outcome.Full(place.limit());
            }
        }
        Set<String> others = new LinkedHashSet<>();
        for (Home home : sessions.values()) {
            if (home.peer().equals(peer) && !home.node().equals(node)) {
                others.add(home.node());
            }
        }
        others.forEach(other -> inboxes.accept(other, new NodeEvent.Arrived(name, peer, arrive.session())));
        sessions.put(arrive.session(), new Home(node, peer, place.address()));
        return new Outcome.Arrived(others.size());
    }

    Outcome answerProbe(Command.AnswerProbe answer) {
        Home home = sessions.get(answer.newcomer());
        if (home != null) {
            NodeEvent event = new NodeEvent.ProbeAnswered(name, answer.newcomer(), answer.isOneAlive());
            inboxes.accept(home.node(), event);
        }
        return new Outcome.Done();
    }

    Outcome depart(Command.Depart depart) {
        sessions.remove(depart.session());
        return new Outcome.Done();
    }

    Outcome join(String node, Command.Join join) {
        if (join.entry() != Command.Join.Entry.PATTERN && !hasPlace(join)) {
            return new Outcome.Full(join.place().limit());
        }
        return add(node, join.room(), join.session(), join.peer(), join.place().address(), join.entry(), false);
    }

    private boolean hasPlace(Command.Join join) {
        Map<String, String> addresses = firstAddresses.getOrDefault(join.room(), Map.of());
        long own = addresses.values().stream()
                .filter(join.place().address()::equals)
                .count();
        return addresses.containsKey(join.peer().id())
                || AddressShare.allows(join.place().limit(), addresses.size(), own);
    }

    Outcome rejoin(String node, Command.Rejoin rejoin) {
        return add(
                node,
                rejoin.room(),
                rejoin.session(),
                rejoin.peer(),
                rejoin.address(),
                rejoin.entry(),
                rejoin.isAway());
    }

    private Outcome add(
            String node,
            String room,
            SessionId session,
            PeerIdentity peer,
            String address,
            Command.Join.Entry entry,
            boolean isAway) {
        if (entry == Command.Join.Entry.PATTERN) {
            patterns.computeIfAbsent(room, it -> new LinkedHashMap<>()).put(session, node);
            return new Outcome.Joined(0, null);
        }
        Map<SessionId, Seat> seats = rooms.computeIfAbsent(room, it -> new LinkedHashMap<>());
        boolean isHeard = seats.values().stream().anyMatch(seat -> seat.node.equals(node));
        int others = seats.size();
        List<RosterEntry> roster = new ArrayList<>();
        seats.forEach((id, seat) -> {
            if (seat.isEntered) {
                roster.add(entry(id, seat));
            }
        });
        firstAddresses.computeIfAbsent(room, it -> new LinkedHashMap<>()).putIfAbsent(peer.id(), address);
        Seat added = new Seat(node, peer, entry == Command.Join.Entry.ENTERS, isAway);
        seats.put(session, added);
        tellEntered(room, session, added);
        return new Outcome.Joined(others, isHeard ? null : roster);
    }

    Outcome enter(String node, Command.Enter enter) {
        Seat seat = rooms.getOrDefault(enter.room(), Map.of()).get(enter.session());
        if (seat == null) {
            return new Outcome.Unknown();
        }
        seat.isEntered = true;
        tellEntered(enter.room(), enter.session(), seat);
        return new Outcome.Done();
    }

    Outcome leave(String room, SessionId session) {
        Map<SessionId, String> subscribers = patterns.get(room);
        String subscriber = subscribers == null ? null : subscribers.remove(session);
        patterns.values().removeIf(Map::isEmpty);
        if (subscriber != null) {
            forgetPatternCost(subscriber);
        }
        Map<SessionId, Seat> seats = rooms.get(room);
        Seat seat = seats == null ? null : seats.remove(session);
        if (seats == null || seat == null) {
            return new Outcome.Done();
        }
        if (seats.values().stream().noneMatch(it -> it.peer.id().equals(seat.peer.id()))) {
            firstAddresses.get(room).remove(seat.peer.id());
        }
        if (seat.isEntered) {
            tellOthers(seat.node, room, new NodeEvent.Left(name, room, session));
        }
        if (seats.isEmpty()) {
            rooms.remove(room);
        }
        return new Outcome.Done();
    }

    Outcome setAway(Command.SetAway away) {
        Seat seat = rooms.getOrDefault(away.room(), Map.of()).get(away.session());
        if (seat != null) {
            seat.isAway = away.isAway();
            tellEntered(away.room(), away.session(), seat);
        }
        return new Outcome.Done();
    }

    /** Nodes with patterns compare by themselves, as comparing takes long; and whom they find is not counted. */
    Outcome publish(Command.Publish publish) {
        Map<SessionId, Seat> receivers = new LinkedHashMap<>(rooms.getOrDefault(publish.room(), Map.of()));
        receivers.remove(publish.head().session());
        Set<String> nodes = new LinkedHashSet<>();
        receivers.values().forEach(seat -> nodes.add(seat.node));
        patterns.values().forEach(subscribers -> nodes.addAll(subscribers.values()));
        long fixed = 0;
        long perCharacter = 0;
        for (Map.Entry<String, Command.SetPatternCost> entry : patternCosts.entrySet()) {
            if (!hasPatterns(entry.getKey())) {
                continue;
            }
            Command.SetPatternCost cost = entry.getValue();
            fixed += cost.fixed();
            perCharacter += cost.perCharacter();
        }
        NodeEvent event = new NodeEvent.Published(name, publish.room(), publish.head(), publish.signal());
        nodes.forEach(node -> inboxes.accept(node, event));
        return new Outcome.Published(receivers.size(), fixed, perCharacter);
    }

    Outcome setPatternCost(String node, Command.SetPatternCost cost) {
        patternCosts.put(node, cost);
        return new Outcome.Done();
    }

    /** With its last pattern. */
    private void forgetPatternCost(String node) {
        if (!hasPatterns(node)) {
            patternCosts.remove(node);
        }
    }

    private boolean hasPatterns(String node) {
        return patterns.values().stream().anyMatch(subscribers -> subscribers.containsValue(node));
    }

    Outcome send(Command.Send send) {
        return reach(send.to(), new NodeEvent.Sent(name, send.to(), send.head(), send.signal()));
    }

    Outcome close(Command.Close close) {
        return reach(close.peer(), new NodeEvent.Closed(name, close.peer(), close.code()));
    }

    private Outcome reach(String peer, NodeEvent event) {
        List<Home> homes = sessions.values().stream()
                .filter(home -> home.peer().equals(peer))
                .toList();
        Set<String> nodes = new LinkedHashSet<>();
        homes.forEach(home -> nodes.add(home.node()));
        nodes.forEach(node -> inboxes.accept(node, event));
        return new Outcome.Reached(homes.size());
    }

    Outcome report(Command.Report report) {
        Home home = sessions.get(report.sender());
        if (home != null) {
            inboxes.accept(home.node(), new NodeEvent.Reported(name, report.sender(), report.event()));
        }
        return new Outcome.Done();
    }

    /** Sessions of this node leave their rooms. */
    void leaveRooms(String node) {
        patterns.values().forEach(subscribers -> subscribers.values().removeIf(node::equals));
        patterns.values().removeIf(Map::isEmpty);
        forgetPatternCost(node);
        for (String room : List.copyOf(rooms.keySet())) {
            for (Map.Entry<SessionId, Seat> seat : List.copyOf(rooms.get(room).entrySet())) {
                if (seat.getValue().node.equals(node)) {
                    leave(room, seat.getKey());
                }
            }
        }
    }

    /** Sessions of this node depart. Those that their peers have on other nodes may wait for that. */
    void depart(String node) {
        Set<String> peers = new LinkedHashSet<>();
        for (Home home : sessions.values()) {
            if (home.node().equals(node)) {
                peers.add(home.peer());
            }
        }
        sessions.values().removeIf(home -> home.node().equals(node));
        sessions.forEach((session, home) -> {
            if (peers.contains(home.peer())) {
                inboxes.accept(home.node(), new NodeEvent.ProbeAnswered(name, session, false));
            }
        });
    }

    private void tellEntered(String room, SessionId session, Seat seat) {
        if (seat.isEntered) {
            tellOthers(seat.node, room, new NodeEvent.Entered(name, room, entry(session, seat)));
        }
    }

    /** Tells the nodes that hear the room, but this one, which learns it by its outcome. */
    private void tellOthers(String node, String room, NodeEvent event) {
        Set<String> nodes = new LinkedHashSet<>();
        rooms.getOrDefault(room, Map.of()).values().forEach(seat -> nodes.add(seat.node));
        nodes.remove(node);
        nodes.forEach(other -> inboxes.accept(other, event));
    }

    private static RosterEntry entry(SessionId session, Seat seat) {
        return new RosterEntry(session, seat.peer, seat.isAway);
    }
}
