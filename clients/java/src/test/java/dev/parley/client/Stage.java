// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/** A client with everything around it in the hands of the test. */
final class Stage {

    static final String PARLEY_V1 = "parley.v1";
    static final String V1 = "v1";

    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<FakeSocket> sockets = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final ParleyClient client;
    private Listener listener = (speaker, event) -> {};
    private double random = 0.5;

    Stage() {
        this(true, 1000, () -> Credential.key("pk"));
    }

    Stage(boolean wantsContinuity, int maxRequests, Supplier<Credential> credentials) {
        ClientSettings settings = new ClientSettings(
                URI.create("ws://server/v1"),
                credentials,
                wantsContinuity,
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                maxRequests,
                this::open,
                tasks::add,
                time,
                () -> random);
        client = ParleyClient.start(settings, this::handle);
        settle();
    }

    /** With an open connection of a new session. */
    static Stage welcomed() {
        Stage stage = new Stage();
        stage.socket().open(PARLEY_V1, fresh("new", 1));
        return stage;
    }

    /** A welcome to a new session. */
    static String fresh(String reason, int session) {
        return welcome(session, "token-" + session, false, ",'reason':'" + reason + "'", 0);
    }

    /** A welcome to the session of before. */
    static String resumed(int session, String token, long received) {
        return welcome(session, token, true, "", received);
    }

    static String plain() {
        return "{'type':'welcome','peerId':'me','expiresAt':null,'serverTime':1,'maxMessageSize':100}";
    }

    private static String welcome(int session, String token, boolean isResumed, String reason, long received) {
        return ("{'type':'welcome','peerId':'me','expiresAt':null,'serverTime':1,'maxMessageSize':100,"
                        + "'session':{'id':'s%d','resumeToken':'%s','windowMs':120000,'ghostMs':156000},"
                        + "'epoch':'e','resumed':%s%s,'received':%d}")
                .formatted(session, token, isResumed, reason, received);
    }

    static String direct(long sequence, String data) {
        return "{'type':'direct','seq':%d,'from':'bob','data':%s}".formatted(sequence, data);
    }

    static String ack(long sequence, long requestId) {
        return "{'type':'ack','seq':%d,'requestId':'%d'}".formatted(sequence, requestId);
    }

    static String sentTo(long sequence, long requestId, String data) {
        return "{'seq':%d,'type':'send','requestId':'%d','to':'bob','data':%s}".formatted(sequence, requestId, data);
    }

    static String subscribed(long sequence, long requestId, String channel) {
        return "{'seq':%d,'type':'subscribe','requestId':'%d','channel':'%s'}".formatted(sequence, requestId, channel);
    }

    static String received(long through) {
        return "{'type':'received','seq':%d}".formatted(through);
    }

    ParleyClient client() {
        return client;
    }

    ManualTime time() {
        return time;
    }

    /** The newest one. */
    FakeSocket socket() {
        return sockets.getLast();
    }

    int sockets() {
        return sockets.size();
    }

    /** The events that the application got since the last call. */
    List<Event> events() {
        settle();
        List<Event> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Of the events since the last call, those of this kind. */
    <T extends Event> List<T> events(Class<T> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    void listen(Listener other) {
        listener = other;
    }

    /** What chance says from now on: from 0 to below 1. */
    void chance(double value) {
        random = value;
    }

    void pass(Duration duration) {
        long end = time.nanos() + duration.toNanos();
        while (time.passToNext(Duration.ofNanos(end - time.nanos()))) {
            settle();
        }
        time.pass(Duration.ofNanos(end - time.nanos()));
    }

    /** Runs what is due now. */
    void passNoTime() {
        pass(Duration.ZERO);
    }

    /** The connection lasts so long that its loss is the first failure. */
    void lastAWhile() {
        pass(Duration.ofSeconds(2));
    }

    /** The network goes, and the client is at the next socket. */
    void loseSocket() {
        lastAWhile();
        socket().sent();
        socket().lose();
        passNoTime();
    }

    void settle() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void handle(ParleyClient speaker, Event event) {
        events.add(event);
        listener.on(speaker, event);
    }

    private ClientSocket open(URI server, List<String> subprotocols, ClientSocket.Hearer hearer) {
        FakeSocket socket = new FakeSocket(subprotocols, hearer, this::settle);
        sockets.add(socket);
        return socket;
    }
}
