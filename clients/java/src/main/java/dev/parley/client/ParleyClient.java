// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A peer of a Parley server. It connects by itself and, when a connection is lost, again; with a server that speaks
 * {@code parley.v1} its session goes on then: its requests count once, and events arrive once and in order.
 *
 * <p>Safe from any thread; no method blocks. What is asked for while there is no connection waits for one. A future
 * completes when the server has acknowledged, on the thread of the {@link Listener} and in order with its events. It
 * fails with {@link RequestFailedException} if the request was not done, and with {@link SessionLostException} if that
 * cannot be known.
 *
 * <p>Data is the text of one JSON value, at most 64 deep. It is handed on as it is.
 */
public final class ParleyClient implements AutoCloseable {

    private final ClientSettings settings;
    private final ClientLock exclusive;
    private final ClientStates dialogue;
    private final ListenerCalls audience;

    private ParleyClient(ClientSettings settings, Listener listener) {
        this.settings = settings;
        exclusive = new ClientLock(settings.time());
        audience = new ListenerCalls(new ListenerMailbox(settings.executor()), event -> listener.on(this, event));
        dialogue = new ClientStates(settings, exclusive, audience);
    }

    /**
     * A client that begins to connect.
     *
     * @param server like {@code ws://localhost:8080}; without a path that is {@code /v1}
     * @throws IllegalArgumentException if that is no address of a WebSocket
     */
    public static ParleyClient connect(URI server, Credential credential, Listener listener) {
        return builder(server).credential(credential).connect(listener);
    }

    /**
     * Returns a builder for a client with other settings than the defaults.
     *
     * @param server like {@code ws://localhost:8080}; without a path that is {@code /v1}
     * @throws IllegalArgumentException if that is no address of a WebSocket
     */
    public static ClientBuilder builder(URI server) {
        return new ClientBuilder(server);
    }

    static ParleyClient start(ClientSettings settings, Listener listener) {
        ParleyClient client = new ParleyClient(settings, listener);
        client.exclusive.run(client.dialogue::start);
        return client;
    }

    /**
     * Subscribes to a channel, and again in each new session, until it is unsubscribed or the server takes it away.
     *
     * @throws IllegalArgumentException if the name is longer than 256 characters
     */
    public CompletableFuture<Void> subscribe(String channel) {
        return subscribe(channel, Subscription.standard());
    }

    /**
     * Subscribes to a channel in this way, and again in each new session, until it is unsubscribed or the server takes
     * it away.
     *
     * @throws IllegalArgumentException if the name is longer than 256 characters
     */
    public CompletableFuture<Void> subscribe(String channel, Subscription options) {
        return ask(
                        new RequestPurpose.Subscribe(channel, options),
                        id -> ClientMessages.subscribe(id, channel, options),
                        0)
                .thenAccept(number -> {});
    }

    /**
     * Returns who is in a channel that this client is subscribed to, by peer id: the roster with all {@link
     * Event.Presence} up to the event that the listener has or had last. Without a connection it is as it was when that
     * was lost.
     *
     * @return a copy; empty for a channel that is not subscribed to, or whose roster has not come
     */
    public Map<String, Event.Peer> roster(String channel) {
        return audience.rosters().of(channel);
    }

    /**
     * Asks the source of credentials for a token and brings it to the server, so that the connection stays when the
     * token of before ends. Its rights count from then on.
     *
     * @return when the new token ends. Fails with {@link RequestFailedException} of code {@code no_token} if the source
     *     throws or gives a key, and with a code of docs/protocol.md if the server refuses the token: then the former
     *     counts
     */
    public CompletableFuture<Instant> refresh() {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        settings.executor().execute(() -> refresh(answer));
        return answer.thenApply(Instant::ofEpochSecond);
    }

    private void refresh(CompletableFuture<Long> answer) {
        String token;
        try {
            token = settings.credentials().get().token();
        } catch (RuntimeException e) {
            audience.fail(answer, new RequestFailedException(RequestFailedException.NO_TOKEN, e.toString()));
            return;
        }
        if (token == null) {
            audience.fail(answer, new RequestFailedException(RequestFailedException.NO_TOKEN, "a key does not end"));
            return;
        }
        ask(new RequestPurpose.Refresh(), id -> ClientMessages.refresh(id, token), 0)
                .whenComplete((expiresAt, failure) -> {
                    if (failure == null) {
                        answer.complete(expiresAt);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
    }

    /** Leaves a channel. */
    public CompletableFuture<Void> unsubscribe(String channel) {
        return ask(new RequestPurpose.Unsubscribe(channel), id -> ClientMessages.unsubscribe(id, channel), 0)
                .thenAccept(number -> {});
    }

    /**
     * Says something to all others in a channel.
     *
     * @return the number of the request in its session, by which {@link Event.Undelivered} speaks of it
     * @throws IllegalArgumentException if the data is not JSON, or the channel's name longer than 256 characters
     */
    public CompletableFuture<Long> publish(String channel, String data) {
        JsonData checked = JsonData.of(data);
        return ask(new RequestPurpose.Signal(), id -> ClientMessages.publish(id, channel, checked), checked.bytes());
    }

    /**
     * Sends a message to one peer. While the peer is slow the answer may take a second; if it still has too much to
     * read, the future fails with {@link RequestFailedException} of code {@code receiver_busy}: the message was not
     * delivered, and may be sent again later.
     *
     * @return the number of the request in its session, by which {@link Event.Undelivered} speaks of it
     * @throws IllegalArgumentException if the data is not JSON, or the peer id longer than 128 characters
     */
    public CompletableFuture<Long> send(String peerId, String data) {
        JsonData checked = JsonData.of(data);
        return ask(new RequestPurpose.Signal(), id -> ClientMessages.send(id, peerId, checked), checked.bytes());
    }

    /**
     * Like {@link #publish}, but the server does not acknowledge; an error comes as {@link Event.ServerError}.
     *
     * @return false if the client is closed, or keeps as many requests as it may: then nothing is sent
     */
    public boolean publishUnacknowledged(String channel, String data) {
        JsonData checked = JsonData.of(data);
        return say(ClientMessages.publish(null, channel, checked), checked.bytes());
    }

    /**
     * Like {@link #send}, but the server does not acknowledge; an error comes as {@link Event.ServerError}.
     *
     * @return false if the client is closed, or keeps as many requests as it may: then nothing is sent
     */
    public boolean sendUnacknowledged(String peerId, String data) {
        JsonData checked = JsonData.of(data);
        return say(ClientMessages.send(null, peerId, checked), checked.bytes());
    }

    /**
     * Leaves for good. What was asked for before is still sent if there is a connection, but its answer is not waited
     * for: its future fails. Without a connection, a session that could be resumed ends when its time is over.
     */
    @Override
    public void close() {
        exclusive.run(dialogue::close);
    }

    /** Completes after the listener got the event that the client is closed. */
    public CompletableFuture<Event.Closed> closed() {
        return audience.closed();
    }

    private CompletableFuture<Long> ask(RequestPurpose purpose, UnaryOperator<String> body, int dataBytes) {
        return exclusive.get(() -> dialogue.asking().ask(purpose, body, dataBytes));
    }

    private boolean say(String body, int dataBytes) {
        return exclusive.get(() -> dialogue.asking().say(body, dataBytes));
    }
}
