// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.allocation;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Json;
import dev.parley.simulation.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client of the conversation: what it said, what it was answered, and what it knows. */
final class FailingClient {

    static final String CHANNEL = "stage";

    private final String name;
    private final boolean isLasting;
    private final V1Dialect dialect;
    private @Nullable FailingSocket socket;
    private String peerId = "";
    private String token = "";
    private long read;
    private long said;
    private boolean isSubscribed;

    /** The session, or the socket of a client that has none, is over, or this client has given it up. */
    private boolean isOver;

    /** Signals by their data, and the sequence of the request. */
    private final Map<String, Long> sent = new HashMap<>();

    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> unanswered = new HashSet<>();
    private final Set<String> received = new HashSet<>();
    private final Set<String> roster = new HashSet<>();
    private final List<Map<String, Object>> undelivered = new ArrayList<>();

    FailingClient(String name, boolean isLasting, V1Dialect dialect) {
        this.name = name;
        this.isLasting = isLasting;
        this.dialect = dialect;
    }

    String name() {
        return name;
    }

    boolean isLasting() {
        return isLasting;
    }

    boolean isOpen() {
        return socket != null && socket.isOpen() && !peerId.isEmpty() && !isOver;
    }

    boolean isOver() {
        return isOver;
    }

    boolean isSubscribed() {
        return isSubscribed && isOpen();
    }

    /** Whether what is published now is for it: it is subscribed, and its session goes on. */
    boolean isAudience() {
        return isSubscribed && hasSession();
    }

    /** Whether what is sent to it now is for it. */
    boolean hasSession() {
        return !peerId.isEmpty() && !isOver && (isLasting || isOpen());
    }

    /** Connects over a socket of this number. */
    void connect(long id, FailingLoop loop) {
        FailingSocket next = new FailingSocket(id, loop, this::read);
        socket = next;
        String items = isLasting ? "parley.v1, key.red." + name : "v1, key.red." + name;
        String resume = token.isEmpty() ? "" : ", resume." + token + "." + read;
        next.open(((Dialect.Accepted) dialect.receive(Requests.offering(items + resume))).opening());
    }

    void closeIfNotAdmitted() {
        if (socket != null) {
            socket.closeIfNotAdmitted();
            isOver |= socket.isClosed() && peerId.isEmpty();
        }
    }

    /** The socket breaks, and the server notices. */
    void lose() {
        if (socket != null && socket.isOpen()) {
            end(new ConnectionEnding.Lost("simulated"));
        }
    }

    void leave() {
        if (socket != null && socket.isOpen()) {
            end(new ConnectionEnding.Left(1000));
        }
        isOver = true;
    }

    private void end(ConnectionEnding how) {
        try {
            requireNonNull(socket).end(how);
        } catch (OutOfMemoryError | IllegalStateException e) {
            // The transport logs what a conversation fails with at its end.
        }
    }

    void subscribe() {
        request("subscribe", "sub", "\"channel\":\"" + CHANNEL + "\",\"includeSenderMetadata\":true");
    }

    void unsubscribe() {
        isSubscribed = false;
        request("unsubscribe", "unsub", "\"channel\":\"" + CHANNEL + "\"");
    }

    void publish(String data) {
        request("publish", data, "\"channel\":\"" + CHANNEL + "\",\"data\":\"" + data + "\"");
    }

    /** @param padding spaces behind the data */
    void send(String to, String data, String padding) {
        request("send", data, "\"to\":\"" + to + "\",\"data\":\"" + data + padding + "\"");
    }

    void receipt() {
        if (isOpen()) {
            requireNonNull(socket).say("{\"type\":\"received\",\"seq\":" + read + "}");
        }
    }

    private void request(String type, String id, String fields) {
        if (!isOpen()) {
            return;
        }
        said++;
        sent.put(id, said);
        unanswered.add(id);
        String sequence = isLasting ? "\"seq\":" + said + "," : "";
        requireNonNull(socket)
                .say("{" + sequence + "\"type\":\"" + type + "\",\"requestId\":\"" + id + "\"," + fields + "}");
    }

    private void read(long from, String frame) {
        if (socket != null && from != socket.id()) {
            return; // of an older socket
        }
        if (frame.startsWith("close ")) {
            closed(frame);
            return;
        }
        Map<String, Object> message = Json.object(frame.substring("text ".length()));
        if (message.containsKey("seq") && !message.get("type").equals("received")) {
            long sequence = Long.parseLong(String.valueOf(message.get("seq")));
            if (sequence <= read) {
                return;
            }
            if (sequence != read + 1) {
                throw new AssertionError(name + " misses a frame before " + frame);
            }
            read = sequence;
        }
        act(message);
    }

    /** Only some codes leave a session to come back to. */
    private void closed(String frame) {
        if (!isLasting || frame.matches("close (1001|1011|4001|4003|4012|4020|4500|4501) .*")) {
            isOver = true;
        }
    }

    private void act(Map<String, Object> message) {
        switch (String.valueOf(message.get("type"))) {
            case "welcome" -> welcome(message);
            case "ack" -> {
                String id = String.valueOf(message.get("requestId"));
                unanswered.remove(id);
                acknowledged.add(id);
                isSubscribed |= id.equals("sub");
            }
            case "error" -> unanswered.remove(String.valueOf(message.get("requestId")));
            case "direct", "message" ->
                received.add(String.valueOf(message.get("data")).strip());
            case "undelivered" -> undelivered.add(message);
            case "presence" -> {
                peers(message, "joined").forEach(roster::add);
                peers(message, "left").forEach(roster::remove);
            }
            default -> {} // pong, received, reconnecting
        }
    }

    private void welcome(Map<String, Object> message) {
        peerId = String.valueOf(message.get("peerId"));
        if (message.get("session") instanceof Map<?, ?> session) {
            token = String.valueOf(session.get("resumeToken"));
            if (!"true".equals(message.get("resumed")) && read > 0) {
                isOver = true; // begun again: the script is over for this client
            }
        }
    }

    private static List<String> peers(Map<String, Object> message, String list) {
        return ((List<?>) message.get(list))
                .stream()
                        .map(peer -> String.valueOf(((Map<?, ?>) peer).get("peerId")))
                        .toList();
    }

    boolean isAcknowledged(String data) {
        return acknowledged.contains(data);
    }

    boolean hasReceived(String data) {
        return received.contains(data);
    }

    /** Whether it was notified that its signal may not have reached that peer. */
    boolean isNotified(String data, String to) {
        long sequence = sent.get(data);
        return undelivered.stream()
                .anyMatch(it -> it.get("to").equals(to)
                        && Long.parseLong(String.valueOf(it.get("from"))) <= sequence
                        && Long.parseLong(String.valueOf(it.get("through"))) >= sequence);
    }

    Set<String> unanswered() {
        return unanswered;
    }

    Set<String> roster() {
        return roster;
    }
}
