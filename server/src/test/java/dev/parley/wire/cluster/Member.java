// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A peer that enters one room once, and keeps its roster by the presence it receives. */
final class Member {

    private static final Pattern PRESENCE = Pattern.compile("\"joined\":\\[(.*?)],\"left\":\\[(.*?)]");
    private static final Pattern PEER_ID = Pattern.compile("\"peerId\":\"([^\"]*)\"");

    private final Visitor visitor;
    private final String room;
    private final int server;
    private final Predicate<String> mayLeave;
    private final Set<String> others = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private volatile boolean isLeaving;

    private Member(Visitor visitor, String room, int server, Predicate<String> mayLeave) {
        this.visitor = visitor;
        this.room = room;
        this.server = server;
        this.mayLeave = mayLeave;
    }

    /**
     * Enters a room; null if the server refused that.
     *
     * @param mayLeave whether the peer with this id may be reported as gone
     */
    static @Nullable Member enter(Servers servers, int server, int number, String room, Predicate<String> mayLeave) {
        Visitor visitor = Visitor.connect(servers.port(server), number);
        visitor.subscribe(room);
        if (!visitor.answer().contains("\"ack\"")) {
            visitor.close();
            return null;
        }
        Member member = new Member(visitor, room, server, mayLeave);
        Thread.ofVirtual().start(member::receive);
        return member;
    }

    String id() {
        return visitor.id();
    }

    String room() {
        return room;
    }

    /** The number of the server it is connected to. */
    int server() {
        return server;
    }

    boolean isLeaving() {
        return isLeaving;
    }

    /** Leaves, by a message before it closes the connection or without one. */
    void leave(boolean isPolite) {
        isLeaving = true;
        if (isPolite) {
            visitor.say("{\"type\":\"unsubscribe\",\"channel\":\"" + room + "\"}");
        }
        visitor.close();
    }

    /** Who else is in the room as far as it knows. */
    synchronized Set<String> others() {
        return Set.copyOf(others);
    }

    /** What it received that cannot be. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    private void receive() {
        String frame = visitor.receive();
        while (frame.startsWith("text")) {
            Matcher presence = PRESENCE.matcher(frame);
            if (presence.find()) {
                change(ids(presence.group(1)), ids(presence.group(2)));
            }
            frame = visitor.receive();
        }
        if (!isLeaving) {
            fault("its connection ended: " + frame);
        }
    }

    private static List<String> ids(String list) {
        return PEER_ID.matcher(list)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private synchronized void change(List<String> joined, List<String> left) {
        for (String id : left) {
            if (!others.remove(id)) {
                fault(id + " left and was not there");
            } else if (!mayLeave.test(id)) {
                fault(id + " is reported as gone and is there");
            }
        }
        for (String id : joined) {
            if (!others.add(id)) {
                fault(id + " joined and was there");
            }
        }
    }

    private synchronized void fault(String fault) {
        faults.add(visitor.id() + " on server " + server + ": " + fault);
    }
}
