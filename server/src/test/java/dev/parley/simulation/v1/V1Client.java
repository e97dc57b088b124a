// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import dev.parley.config.PresenceSettings;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.simulation.Cast;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.Json;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import dev.parley.simulation.v1.DueSignals.DueSignal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection of a v1 client: what it says changes the truth in the same step, what it reads is held against it. */
final class V1Client extends SimulatedConnection {

    private static final String OFFER = "v=0".repeat(200);

    final String app;
    final String peer;
    final DueSignals due = new DueSignals();
    final Map<String, ChannelView> channels = new HashMap<>();
    private final Set<String> formerChannels = new HashSet<>();
    private final Truth truth;
    private final PresenceSettings presence;
    private final Random random;
    private final Deque<String> answers = new ArrayDeque<>();

    /** Null until there is one: the server closes the connection to which a frame could not be sent. */
    private @Nullable AssertionError complaint;

    /** A channel whose subscription changes and that is not acknowledged yet: what waited arrives before that. */
    private @Nullable String pending;

    private final List<Runnable> probes = new ArrayList<>();
    private List<V1Client> silentElders = List.of();
    private long requests;
    private long signals;
    private boolean isSilent;
    private boolean isWelcome;
    private boolean isOver;

    V1Client(
            long id,
            SimulatedLoop loop,
            String app,
            String peer,
            Truth truth,
            PresenceSettings presence,
            Random random) {
        super(id, loop, (client, frame) -> {});
        this.app = app;
        this.peer = peer;
        this.truth = truth;
        this.presence = presence;
        this.random = random;
    }

    boolean isOver() {
        return isOver;
    }

    boolean isSilent() {
        return isSilent;
    }

    boolean isShared() {
        return Cast.SHARED_PEERS.contains(peer);
    }

    /** Whether the server can hear it. */
    boolean isHeard() {
        return isWelcome && !isOver && !isSilent;
    }

    void subscribe(String channel, boolean wantsSenderMetadata) {
        say(() -> {
            ChannelView view = channels.computeIfAbsent(
                    channel, it -> new ChannelView(peer, formerChannels.add(it), loop().now(), presence));
            view.wantsSenderMetadata = wantsSenderMetadata;
            view.rosterIsDue();
            String extra = wantsSenderMetadata ? ",\"includeSenderMetadata\":true" : "";
            pending = channel;
            request("subscribe", "\"channel\":\"" + channel + "\"" + extra, null);
            view.isAcknowledged = true;
        });
    }

    void unsubscribe(String channel) {
        say(() -> {
            channels.remove(channel);
            due.channelGivenUp(channel);
            pending = channel;
            request("unsubscribe", "\"channel\":\"" + channel + "\"", null);
        });
    }

    void publish(String channel) {
        say(() -> {
            long number = ++signals;
            for (V1Client other : truth.listeners(app, channel)) {
                if (other != this) {
                    List<ChannelView> views = other.reader(channel);
                    Boolean wanted = views.size() == 1 ? views.getFirst().wantsSenderMetadata : null;
                    other.due.add(id(), new DueSignal(number, channel, wanted));
                }
            }
            request("publish", "\"channel\":\"" + channel + "\",\"data\":" + data(number, "-"), null);
        });
    }

    /** By which of its subscriptions it hears the channel. */
    List<ChannelView> reader(String channel) {
        return channels.entrySet().stream()
                .filter(entry -> ChannelView.isHeardBy(entry.getKey(), channel))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Sends to someone it sees in the channel. */
    void sendToSomeone(String channel) {
        say(() -> {
            ChannelView view = channels.get(channel);
            if (view != null && !view.peers.isEmpty()) {
                List<String> peers = view.peers.stream().sorted().toList();
                sendNow(peers.get(random.nextInt(peers.size())), channel);
            }
        });
    }

    void sendTo(String receiver) {
        say(() -> sendNow(receiver, "-"));
    }

    void sayNonsense() {
        say(() -> {
            answers.add("error null malformed_message");
            conversation().text(TextPayload.of("{\"type\":\"ping\",\"type\":\"ping\"}"));
        });
    }

    /** The network swallows everything from now on, and the server has not noticed. */
    void fallSilent() {
        isSilent = true;
    }

    void lose() {
        Interleaving.arrive(loop(), () -> end(new ConnectionEnding.Lost("cut")));
    }

    /** At rest: nothing is missing and the roster is the truth. */
    void rest() {
        inContext(() -> {
            if (!answers.isEmpty()) {
                throw new AssertionError("never answered: " + answers);
            }
            due.rest();
            channels.forEach((channel, view) -> view.rest(truth.others(this, channel)));
        });
    }

    @Override
    public void end(ConnectionEnding how) {
        if (!isOver) {
            isOver = true;
            truth.gone(this);
            super.end(how);
            List<Runnable> known = List.copyOf(probes);
            probes.clear();
            known.forEach(Runnable::run);
        }
    }

    @Override
    public void probe(Duration patience, Runnable known) {
        if (isOver) {
            known.run();
            return;
        }
        probes.add(known);
        if (isSilent) {
            loop().schedule(patience, () -> end(new ConnectionEnding.Lost("no pong")));
        } else {
            Interleaving.arrive(loop(), () -> {
                if (probes.remove(known)) {
                    known.run();
                }
            });
        }
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        if (isOver) {
            task.run();
            return;
        }
        List<ChannelView> acknowledged =
                channels.values().stream().filter(view -> view.isAcknowledged).toList();
        Runnable read = () -> {
            acknowledged.forEach(view -> view.isAcknowledgementRead = true);
            task.run();
        };
        probes.add(read);
        Interleaving.arrive(loop(), () -> {
            if (!isSilent && probes.remove(read)) {
                read.run();
            }
        });
        loop().schedule(patience, () -> {
            if (probes.remove(read)) {
                task.run();
            }
        });
    }

    @Override
    public void send(dev.parley.core.port.Frame frame) {
        String text = frame.toString();
        super.send(frame);
        if (!isWelcome) {
            isWelcome = true; // the first frame is the welcome
            silentElders = truth.connected(this);
        }
        if (!isOver && !isSilent) {
            inContext(() -> read(Json.object(text.substring("text ".length()))));
        }
    }

    @Override
    public void close(dev.parley.core.port.CloseCode code) {
        throw complaint != null ? complaint : new AssertionError("client " + id() + " was closed: " + code);
    }

    private void read(Map<String, Object> message) {
        String type = (String) message.get("type");
        switch (type) {
            case "welcome" -> {}
            case "ack" -> answered("ack " + message.get("requestId"));
            case "error" -> answered("error " + message.get("requestId") + " " + message.get("code"));
            case "presence" -> presence((String) message.get("channel"), message);
            case "message", "direct" -> signal(type, message);
            default -> throw new AssertionError("unexpected: " + message);
        }
    }

    private void presence(String channel, Map<String, Object> message) {
        ChannelView view = channels.get(channel);
        if (view == null) {
            throw new AssertionError("presence of a channel it has not: " + message);
        }
        boolean isFirst = !view.hasRoster;
        Set<String> newcomers = view.read(message, loop().now());
        if (isFirst && silentElders.stream().anyMatch(elder -> !elder.isOver())) {
            throw new AssertionError("entered before its dead elder was gone");
        }
        for (String newcomer : newcomers) {
            if (random.nextBoolean()) {
                Interleaving.react(loop(), () -> {
                    ChannelView now = channels.get(channel);
                    if (isHeard() && now != null && now.peers.contains(newcomer)) {
                        sendNow(newcomer, channel);
                    }
                });
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void signal(String type, Map<String, Object> message) {
        Map<String, Object> data = (Map<String, Object>) message.get("data");
        String from = (String) message.get("from");
        DueSignal signal =
                due.read(Long.parseLong((String) data.get("sender")), Long.parseLong((String) data.get("number")));
        String channel = (String) message.get("channel");
        if (!java.util.Objects.equals(signal.channel, channel)
                || !data.get("from").equals(from)) {
            throw new AssertionError("altered: " + message);
        }
        boolean hasMetadata = message.containsKey("fromMetadata");
        if (type.equals("direct")) {
            check(hasMetadata == (Cast.metadata(from) != null), "metadata of the sender", message);
            knowsTheSender((String) data.get("via"), from, message);
        } else {
            List<ChannelView> views = reader(channel);
            boolean isPending = pending != null && ChannelView.isHeardBy(pending, channel);
            check(!views.isEmpty() || isPending, "a message of a channel it has not", message);
            boolean isCertain = views.size() == 1
                    && !isPending
                    && signal.wantedSenderMetadata != null
                    && views.getFirst().wantsSenderMetadata == signal.wantedSenderMetadata;
            if (isCertain) {
                check(
                        hasMetadata == (signal.wantedSenderMetadata && Cast.metadata(from) != null),
                        "metadata of the sender",
                        message);
            }
        }
    }

    /** The sender to a peer of a channel is known there to the receiver, if that is in it as well. */
    private void knowsTheSender(String via, String from, Map<String, Object> message) {
        ChannelView view = channels.get(via);
        if (view == null || from.equals(peer)) {
            return;
        }
        if (view.hasRoster) {
            check(view.peers.contains(from), "a signal from someone not seen to join", message);
        } else if (view.isFirstTime && !isShared()) {
            check(false, "a signal before the roster", message);
        }
    }

    private void sendNow(String receiver, String via) {
        long number = ++signals;
        List<V1Client> receivers = truth.connections(app, receiver);
        receivers.forEach(other -> other.due.add(id(), new DueSignal(number, null, null)));
        request(
                "send",
                "\"to\":\"" + receiver + "\",\"data\":" + data(number, via),
                receivers.isEmpty() ? "peer_not_found" : null);
    }

    /** Every third signal has the size of an offer, which may have to wait. */
    private String data(long number, String via) {
        String offer = number % 3 == 0 ? ",\"sdp\":\"" + OFFER + "\"" : "";
        return "{\"sender\":" + id() + ",\"number\":" + number + ",\"from\":\"" + peer + "\",\"via\":\"" + via + "\""
                + offer + "}";
    }

    private void request(String type, String fields, @Nullable String error) {
        long request = ++requests;
        answers.add(error == null ? "ack " + request : "error " + request + " " + error);
        conversation()
                .text(TextPayload.of("{\"type\":\"" + type + "\",\"requestId\":\"" + request + "\"," + fields + "}"));
    }

    private void say(Runnable words) {
        Interleaving.arrive(loop(), () -> {
            if (isHeard()) {
                words.run();
            }
        });
    }

    private void answered(String answer) {
        String expected = answers.poll();
        if (!answer.equals(expected)) {
            throw new AssertionError("answered " + answer + " instead of " + expected);
        }
        pending = null;
    }

    private static void check(boolean holds, String complaint, Map<String, Object> message) {
        if (!holds) {
            throw new AssertionError(complaint + ": " + message);
        }
    }

    private void inContext(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            complaint = new AssertionError("client " + id() + " (" + app + "/" + peer + "): " + e.getMessage(), e);
            throw complaint;
        }
    }
}
