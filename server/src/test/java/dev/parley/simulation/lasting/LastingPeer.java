// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import dev.parley.simulation.Json;
import dev.parley.simulation.SimulatedLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A client of parley.v1 that does what docs/continuity.md asks of one, and fails where the server does not. */
final class LastingPeer {

    static final String CHANNEL = "stage";

    private static final int UNRECEIPTED = 8;

    /** A number so far behind the last leaves others out. */
    private static final int GAP = 1_000;

    private static final int NO_PONG_OR_GAP = 1008;

    /** How far a subscription is. */
    private enum Hold {
        NONE,
        ASKED,
        ROSTER_DUE,
        HELD,
        GIVEN_UP
    }

    private final String id;
    private final LastingSimulation world;

    // The socket.

    private Line line;
    private boolean isWelcomed;
    private String offered;
    private long saidAtWelcome;

    // The session.

    private History.Life life;
    private String token;
    private String voidToken;
    private long acted;
    private long said;
    private long receivedByServer;
    private int unreceipted;
    private final Deque<Said> kept = new ArrayDeque<>();
    private final Set<Long> unanswered = new TreeSet<>();
    private Hold hold = Hold.NONE;
    private final Set<String> roster = new HashSet<>();

    /** The peers of the roster that are away, as far as it knows. */
    private final Set<String> away = new HashSet<>();

    /** The loop of the session. */
    private SimulatedLoop home;

    /** The loop of the socket, and of the session if that begins anew. */
    private SimulatedLoop nextHome;

    /** When other tabs opened, by the clock of each loop. */
    private final List<Map<SimulatedLoop, Long>> otherTabs = new ArrayList<>();

    // What may have been done to it.

    private boolean mayBeRevoked;
    private boolean mayBeGone;
    private boolean mustBegin;
    private boolean hasGivenUp;

    private static final long ONE_SECOND = Duration.ofSeconds(1).toNanos();

    private record Said(long sequence, String text) {}

    LastingPeer(String id, LastingSimulation world) {
        this.id = id;
        this.world = world;
        this.life = new History.Life(id);
    }

    String id() {
        return id;
    }

    History.Life life() {
        return life;
    }

    boolean isConnected() {
        return line != null;
    }

    boolean isWelcomed() {
        return line != null && isWelcomed;
    }

    boolean isQuiet() {
        return line == null || line.isQuiet();
    }

    /** Whatever is published from now on must reach it. */
    boolean hears() {
        return hold == Hold.ROSTER_DUE || hold == Hold.HELD;
    }

    /** It once said that it gives the channel up, or had another tab. */
    boolean mayBeSeenToLeave() {
        return hasGivenUp || !otherTabs.isEmpty();
    }

    Set<String> roster() {
        return roster;
    }

    /** Another connection of the peer opens: if the client is lost, it has a second to come back. */
    void otherTabOpens() {
        otherTabs.add(world.times());
    }

    private boolean mayBeReplaced() {
        return otherTabs.stream().anyMatch(opened -> home.now() - opened.get(home) >= ONE_SECOND);
    }

    /** The server may have given it up. */
    void maybeGone() {
        mayBeGone = true;
    }

    /** A back end removed it, or a thief has tried its token. */
    void maybeRevoked() {
        mayBeRevoked = true;
        mayBeGone = true;
    }

    /** A back end removed it, and the removal is complete. */
    void mustBegin() {
        maybeRevoked();
        mustBegin = true;
    }

    /** A token nobody may use any more; null if the server has not shown that of one. */
    String voidToken() {
        return voidToken;
    }

    /** The number of the last frame it acted on. */
    long acted() {
        return acted;
    }

    void connect(SimulatedLoop loop) {
        line = world.line(loop);
        isWelcomed = false;
        offered = token;
        home = token == null ? loop : home;
        nextHome = loop;
        line.open(world.opening(token == null ? "parley.v1, key.red." + id : offer(token)));
    }

    /** What resumes the session with this token. */
    String offer(String resumeToken) {
        return "parley.v1, key.red." + id + ", resume." + resumeToken + "." + acted;
    }

    /** The client's side of the socket is gone, and what was on its way; the server has not noticed. */
    Line cut() {
        Line lost = line;
        lost.cut(world.random().nextBoolean());
        line = null;
        return lost;
    }

    void leave(int code) {
        receipt();
        line.leave(code);
        line = null;
        if (code == 1000) {
            over();
            token = null;
        }
    }

    void subscribe() {
        if (hold == Hold.NONE) {
            hold = Hold.ASKED;
            request("\"type\":\"subscribe\",\"channel\":\"" + CHANNEL + "\"", true);
        }
    }

    void unsubscribe() {
        if (hold == Hold.HELD) {
            hold = Hold.GIVEN_UP;
            hasGivenUp = true;
            life.givenUp++;
            request("\"type\":\"unsubscribe\",\"channel\":\"" + CHANNEL + "\"", true);
        }
    }

    /** Subscribes if it is not in the channel, else gives it up. */
    void changeSubscription() {
        if (hold == Hold.NONE) {
            subscribe();
        } else {
            unsubscribe();
        }
    }

    void send(String to) {
        signal("\"type\":\"send\",\"to\":\"" + to + "\"", world.history().say(life, said + 1, to, Set.of()));
    }

    void publish() {
        Set<History.Life> audience = world.audience();
        audience.remove(life);
        signal(
                "\"type\":\"publish\",\"channel\":\"" + CHANNEL + "\"",
                world.history().say(life, said + 1, null, audience));
    }

    private void signal(String fields, History.Signal signal) {
        request(fields + ",\"data\":" + signal.number, world.random().nextInt(4) > 0);
    }

    private void request(String fields, boolean isAnswered) {
        said++;
        String requestId = isAnswered ? ",\"requestId\":\"" + said + "\"" : "";
        if (isAnswered) {
            unanswered.add(said);
        }
        Said it = new Said(said, "{\"seq\":" + said + requestId + "," + fields + "}");
        kept.addLast(it);
        if (isWelcomed()) {
            line.say(it.text());
        }
    }

    /** Says something that it should not: the server closes the socket. */
    void leaveNumbersOut() {
        line.say("{\"seq\":" + (said + GAP) + ",\"type\":\"unsubscribe\",\"channel\":\"none\"}");
    }

    /** Says what it received. */
    void receipt() {
        unreceipted = 0;
        line.say("{\"type\":\"received\",\"seq\":" + acted + "}");
    }

    /** Reads one frame. */
    void read() {
        String frame = line.next();
        if (frame.startsWith("close ")) {
            closed(Integer.parseInt(frame.split(" ", -1)[1]));
            return;
        }
        read(Json.object(frame.substring("text ".length())));
        if (unreceipted > UNRECEIPTED) {
            receipt();
        }
    }

    private void closed(int code) {
        line = null;
        if (code == NO_PONG_OR_GAP && world.hasTabs()) {
            return;
        }
        if (!mayBeRevoked && !world.mayOverflow()) {
            throw new AssertionError(id + " was closed with " + code);
        }
        mayBeGone = true;
    }

    private void read(Map<String, Object> frame) {
        String type = text(frame, "type");
        if (!isWelcomed) {
            welcome(type, frame);
        } else if (type.equals("received")) {
            forget(number(frame, "seq"));
        } else {
            numbered(type, frame);
        }
    }

    private void welcome(String type, Map<String, Object> frame) {
        if (!type.equals("welcome")) {
            throw new AssertionError(id + " heard before its welcome: " + frame);
        }
        isWelcomed = true;
        token = text((Map<?, ?>) frame.get("session"), "resumeToken");
        boolean isResumed = text(frame, "resumed").equals("true");
        if (isResumed) {
            resumed(number(frame, "received"));
        } else {
            begun(text(frame, "reason"));
        }
        saidAtWelcome = said;
    }

    private void resumed(long received) {
        if (mustBegin) {
            throw new AssertionError(id + " resumed although it was put out");
        }
        if (received < receivedByServer || received > said) {
            throw new AssertionError(
                    id + " received " + received + ", and before " + receivedByServer + ", of " + said);
        }
        receipt();
        if (world.random().nextInt(4) == 0) {
            kept.forEach(it -> line.say(it.text())); // a client that does not look counts on the server
        }
        forget(received);
        kept.forEach(it -> line.say(it.text()));
    }

    private void begun(String reason) {
        boolean isExpected = switch (reason) {
            case "new" -> offered == null;
            case "expired" -> mayBeGone || world.mayOverflow();
            case "revoked" -> mayBeRevoked;
            case "replaced" -> mayBeRevoked || mayBeReplaced(); // a thief begins anew as the same peer
            case "overflow" -> world.mayOverflow();
            default -> false;
        };
        if (!isExpected) {
            throw new AssertionError(id + " began anew: " + reason);
        }
        over();
        life = new History.Life(id);
        acted = 0;
        said = 0;
        receivedByServer = 0;
        unreceipted = 0;
        mustBegin = false;
        home = nextHome;
    }

    private void over() {
        life.isOver = true;
        voidToken = null;
        hold = Hold.NONE;
        roster.clear();
        away.clear();
        kept.clear();
        unanswered.clear();
    }

    private void forget(long through) {
        receivedByServer = Math.max(receivedByServer, through);
        kept.removeIf(it -> it.sequence() <= through);
    }

    private void numbered(String type, Map<String, Object> frame) {
        if (number(frame, "seq") != acted + 1) {
            throw new AssertionError(id + " heard behind " + acted + ": " + frame);
        }
        acted++;
        unreceipted++;
        switch (type) {
            case "ack" -> acknowledged(number(frame, "requestId"));
            case "error" -> refused(frame);
            case "direct", "message" -> world.history().receive(life, (int) number(frame, "data"), text(frame, "from"));
            case "presence" -> presence(frame);
            case "undelivered" ->
                world.history()
                        .undelivered(
                                life,
                                new History.Span(text(frame, "to"), number(frame, "from"), number(frame, "through")));
            case "reconnecting", "reconnected" -> waiting(type.equals("reconnecting"), frame);
            default -> throw new AssertionError("unknown: " + frame);
        }
    }

    private void refused(Map<String, Object> frame) {
        boolean isBusy = text(frame, "code").equals("receiver_busy");
        if (!text(frame, "code").equals("peer_not_found") && !(isBusy && world.mayOverflow())) {
            throw new AssertionError(id + " heard " + frame);
        }
        if (frame.containsKey("requestId")) {
            answered(number(frame, "requestId"));
        }
    }

    private void acknowledged(long sequence) {
        answered(sequence);
        world.history().acknowledge(life, sequence);
        if (!life.said.containsKey(sequence)) {
            hold = hold == Hold.ASKED ? Hold.ROSTER_DUE : Hold.NONE;
            roster.clear();
            away.clear();
        }
    }

    private void waiting(boolean isAway, Map<String, Object> frame) {
        for (Object it : (List<?>) frame.get("peers")) {
            String peer = String.valueOf(it);
            if (peer.equals(id)) {
                throw new AssertionError(id + " received its own absence: " + frame);
            }
            if (hold != Hold.HELD) {
                continue; // it is about to leave
            }
            boolean isNews = isAway ? roster.contains(peer) && away.add(peer) : away.remove(peer);
            if (!isNews) {
                throw new AssertionError(id + " sees " + away + " of " + roster + " away, and received: " + frame);
            }
        }
    }

    private void answered(long sequence) {
        if (!unanswered.remove(sequence)) {
            throw new AssertionError(id + " was answered twice: " + sequence);
        }
        if (sequence > saidAtWelcome) {
            voidToken = offered; // the server has heard something on this socket
        }
    }

    private void presence(Map<String, Object> frame) {
        hold = hold == Hold.ROSTER_DUE ? Hold.HELD : hold;
        roster.addAll(peers(frame, "joined"));
        peers(frame, "left").forEach(gone -> {
            roster.remove(gone);
            away.remove(gone);
            world.seenToLeave(gone, this);
        });
    }

    private static List<String> peers(Map<String, Object> frame, String field) {
        return ((List<?>) frame.get(field))
                .stream().map(it -> text((Map<?, ?>) it, "peerId")).toList();
    }

    private static String text(Map<?, ?> frame, String field) {
        return String.valueOf(frame.get(field));
    }

    private static long number(Map<?, ?> frame, String field) {
        return Long.parseLong(text(frame, field));
    }

    /** When nothing is on its way, and nothing was lost for so long that it is announced. */
    void sees(Set<String> waitedFor) {
        Set<String> others = new HashSet<>(waitedFor);
        others.remove(id);
        if (hold == Hold.HELD && !away.equals(others)) {
            throw new AssertionError(id + " sees " + away + " away, and it is " + others);
        }
    }

    /** When all is quiet: everything it said was heard and answered. */
    void rest() {
        if (!unanswered.isEmpty() || !kept.isEmpty()) {
            throw new AssertionError(id + " was not answered " + unanswered + ", not heard " + kept);
        }
        Set<String> present = world.present();
        present.remove(id);
        if (hold == Hold.HELD && !roster.equals(present)) {
            throw new AssertionError(id + " sees " + roster + ", there are " + present);
        }
        sees(Set.of());
    }
}
