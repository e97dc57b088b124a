// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Frame;
import dev.parley.simulation.Cast;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.Json;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A v1 client of one node: what it reads is compared with what it may and must read. */
final class ClusterClient extends SimulatedConnection {

    final String app;
    final String peer;
    final ClusterNode node;
    private final SignalLedger ledger;
    private final Random random;
    private final Map<String, RoomView> rooms = new HashMap<>();

    /** Requests that were not answered, and what follows from their answers. */
    private final Map<String, Request> requests = new HashMap<>();

    private final Set<String> formerRooms = new HashSet<>();
    private long lastRequest;
    private boolean isWelcome;
    private boolean isReachable;
    private boolean isOver;
    private @Nullable AssertionError complaint;

    private record Request(String words, Runnable done, Runnable failed) {}

    ClusterClient(
            long id,
            ClusterNode node,
            SimulatedLoop loop,
            String app,
            String peer,
            SignalLedger ledger,
            Random random) {
        super(id, loop, (client, frame) -> {});
        this.node = node;
        this.app = app;
        this.peer = peer;
        this.ledger = ledger;
        this.random = random;
    }

    boolean isOver() {
        return isOver;
    }

    /** Others reach it at the latest when its first request is answered. */
    boolean isReachable() {
        return isReachable && !isOver;
    }

    /** It is in the room without interruption. */
    boolean hasStayed(String room) {
        RoomView view = rooms.get(room);
        return hears(room) && view != null && view.isFirst && !Cast.SHARED_PEERS.contains(peer);
    }

    boolean hears(String room) {
        RoomView view = rooms.get(room);
        return !isOver && view != null && view.isAcknowledged && !view.isGivenUp;
    }

    // What it says.

    void subscribe(String room) {
        say(() -> {
            if (rooms.containsKey(room)) {
                return;
            }
            RoomView view = new RoomView(peer, formerRooms.add(room));
            rooms.put(room, view);
            request(
                    "subscribe",
                    "\"channel\":\"" + room + "\"",
                    () -> view.isAcknowledged = true,
                    () -> rooms.remove(room, view));
        });
    }

    void unsubscribe(String room) {
        say(() -> {
            RoomView view = rooms.get(room);
            if (view == null || !view.isAcknowledged || view.isGivenUp) {
                return;
            }
            view.isGivenUp = true;
            ledger.givenUp(this, room);
            request("unsubscribe", "\"channel\":\"" + room + "\"", () -> rooms.remove(room, view), () -> {
                throw new AssertionError("could not unsubscribe");
            });
        });
    }

    void publish(String room) {
        say(() -> publishNow(room));
    }

    private void publishNow(String room) {
        SignalLedger.Entry entry = ledger.published(this, room);
        request(
                "publish",
                "\"channel\":\"" + room + "\",\"data\":" + data(entry, isSeenIn(room) ? room : ""),
                entry::acknowledged,
                entry::failed);
    }

    private void publishAtOnce(RoomView view, String room) {
        if (isOpen() && !view.isGivenUp) {
            publishNow(room);
        }
    }

    /** Others see it there: it is in the roster, or it would have none. */
    private boolean isSeenIn(String room) {
        RoomView view = rooms.get(room);
        return view != null && view.hasRoster && !view.isGivenUp;
    }

    /** Sends to somebody it sees there. */
    void sendToSomeone(String room) {
        say(() -> {
            RoomView view = rooms.get(room);
            if (view != null && !view.isGivenUp && !view.peers.isEmpty()) {
                List<String> seen = view.peers.stream().sorted().toList();
                sendNow(seen.get(random.nextInt(seen.size())), room);
            }
        });
    }

    private void sendNow(String to, String room) {
        SignalLedger.Entry entry = ledger.sent(this, to);
        request("send", "\"to\":\"" + to + "\",\"data\":" + data(entry, room), entry::acknowledged, entry::failed);
    }

    private String data(SignalLedger.Entry entry, String room) {
        return "{\"number\":" + entry.number() + ",\"from\":\"" + peer + "\",\"via\":\"" + room + "\"}";
    }

    private void request(String type, String fields, Runnable done, Runnable failed) {
        String id = Long.toString(++lastRequest);
        requests.put(id, new Request(type + " " + fields, done, failed));
        conversation().text(TextPayload.of("{\"type\":\"" + type + "\",\"requestId\":\"" + id + "\"," + fields + "}"));
    }

    void say(Runnable words) {
        Interleaving.arrive(loop(), () -> {
            if (isWelcome && !isOver) {
                words.run();
            }
        });
    }

    void lose() {
        Interleaving.arrive(loop(), () -> end(new ConnectionEnding.Lost("cut")));
    }

    /** Its node is gone. */
    void loseWithNode() {
        isOver = true;
        ledger.gone(this);
    }

    @Override
    public void end(ConnectionEnding how) {
        if (!isOver) {
            isOver = true;
            ledger.gone(this);
            super.end(how);
        }
    }

    @Override
    protected void pinged() {
        Interleaving.arrive(loop(), this::pong);
    }

    @Override
    public void close(CloseCode code) {
        throw complaint != null ? complaint : new AssertionError("client " + id() + " was closed: " + code);
    }

    // What it reads.

    @Override
    public void send(Frame frame) {
        String text = frame.toString();
        super.send(frame);
        if (isOver) {
            return;
        }
        try {
            read(Json.object(text.substring("text ".length())));
        } catch (AssertionError e) {
            complaint = new AssertionError(this + ": " + e.getMessage() + " in " + text, e);
            throw complaint;
        }
    }

    private void read(Map<String, Object> message) {
        switch ((String) message.get("type")) {
            case "welcome" -> isWelcome = true;
            case "ack" -> {
                isReachable = true;
                answered(message).done().run();
            }
            case "error" -> answered(message).failed().run();
            case "presence" -> presence((String) message.get("channel"), message);
            case "message", "direct" -> signal(message);
            default -> throw new AssertionError("unexpected");
        }
    }

    private Request answered(Map<String, Object> message) {
        Request request = requests.remove((String) message.get("requestId"));
        if (request == null) {
            throw new AssertionError("answered what was not asked, or twice");
        }
        boolean isError = message.get("type").equals("error");
        if (isError && !Set.of("unavailable", "peer_not_found").contains(message.get("code"))) {
            throw new AssertionError("refused: " + request.words());
        }
        return request;
    }

    private void presence(String room, Map<String, Object> message) {
        RoomView view = rooms.get(room);
        if (view == null || !view.isAcknowledged) {
            throw new AssertionError("presence of a room it is not in");
        }
        if (!view.hasRoster && random.nextBoolean()) {
            Interleaving.react(loop(), () -> publishAtOnce(view, room)); // others may not have seen it join
        }
        Set<String> before = Set.copyOf(view.peers);
        Set<String> newcomers = view.read(message);
        before.stream()
                .filter(gone -> !view.peers.contains(gone))
                .filter(gone -> ledger.hasStayed(app, gone, room))
                .forEach(gone -> {
                    throw new AssertionError(gone + " is shown as gone and is there");
                });
        for (String newcomer : newcomers) {
            if (random.nextInt(3) == 0) {
                Interleaving.react(loop(), () -> {
                    if (isOpen() && !view.isGivenUp && view.peers.contains(newcomer)) {
                        sendNow(newcomer, room);
                    }
                });
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void signal(Map<String, Object> message) {
        Map<String, Object> data = (Map<String, Object>) message.get("data");
        String from = (String) message.get("from");
        if (!Objects.equals(data.get("from"), from)) {
            throw new AssertionError("from somebody else");
        }
        ledger.read(this, Long.parseLong((String) data.get("number")), (String) message.get("channel"));
        RoomView via = rooms.get((String) data.get("via"));
        if (via == null || via.isGivenUp || from.equals(peer)) {
            return;
        }
        if (via.hasRoster && !via.peers.contains(from)) {
            throw new AssertionError("a signal from a peer that was not announced");
        }
        boolean isDirect = message.get("type").equals("direct");
        if (isDirect && !via.hasRoster && via.isFirst && !Cast.SHARED_PEERS.contains(peer)) {
            throw new AssertionError("a signal before the roster");
        }
    }

    // At rest.

    void rest(Map<String, Set<String>> peersByRoom) {
        if (!requests.isEmpty()) {
            throw new AssertionError(this + " was never answered: " + requests.values());
        }
        rooms.forEach((room, view) -> {
            Set<String> others = new HashSet<>(peersByRoom.get(room));
            others.remove(peer);
            if (!view.hasRoster || !view.peers.equals(others)) {
                throw new AssertionError(this + " sees " + view.peers + " in " + room + ", where there are " + others);
            }
        });
    }

    Set<String> rooms() {
        return Set.copyOf(rooms.keySet());
    }

    @Override
    public String toString() {
        return "client " + id() + " (" + app + "/" + peer + " on " + node.name + ")";
    }
}
