// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Payload;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Over one of the sockets of a client whose session outlives them. A socket may live on another loop than the session:
 * then what it brings is copied and posted there. On the socket's loop.
 */
final class LastingConversation implements ClientConversation {

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** With more under way to the session's loop, nothing more is read from the socket. */
    private static final int MAX_UNDERWAY_BYTES = 64 << 10;

    /** Reading goes on when no more than this is under way. */
    private static final int RESUME_UNDERWAY_BYTES = MAX_UNDERWAY_BYTES / 2;

    /** What a message under way takes besides its bytes, about. */
    private static final int MESSAGE_OVERHEAD = 128;

    private final ClientConnection socket;
    private final LastingClient client;
    private final V1Messages messages;

    /** Bytes posted to the session's loop and not yet handled there. */
    private final AtomicInteger underwayBytes = new AtomicInteger();

    /** Reading is paused until less is under way. Set on the socket's loop alone. */
    private volatile boolean isPaused;

    LastingConversation(ClientConnection socket, LastingClient client, V1Messages messages) {
        this.socket = socket;
        this.client = client;
        this.messages = messages;
    }

    @Override
    public void text(Payload payload) {
        if (isHere()) {
            client.text(socket, payload);
        } else {
            post(payload.length(), copy(payload));
        }
    }

    @Override
    public void binary(Payload payload) {
        if (isHere()) {
            client.binary(socket, payload.length());
        } else {
            int bytes = payload.length();
            post(bytes, it -> it.binary(socket, bytes));
        }
    }

    private Consumer<LastingClient> copy(Payload payload) {
        Payload copy = Payload.of(payload.copy());
        return it -> it.text(socket, copy);
    }

    private void post(int bytes, Consumer<LastingClient> message) {
        int cost = bytes + MESSAGE_OVERHEAD;
        int underway = underwayBytes.addAndGet(cost);
        home().post(() -> client.handle(socket, () -> {
            handled(cost);
            new GuardedTask(client.connection(), () -> message.accept(client)).run();
        }));
        if (underway > MAX_UNDERWAY_BYTES && !isPaused) {
            isPaused = true;
            socket.pauseReading();
            resumeIfFewAreUnderway(); // they may have been handled before the mark was seen
        }
    }

    /** On the session's loop. */
    private void handled(int cost) {
        int underway = underwayBytes.addAndGet(-cost);
        if (isPaused && underway <= RESUME_UNDERWAY_BYTES) {
            socket.loop().post(this::resumeIfFewAreUnderway);
        }
    }

    private void resumeIfFewAreUnderway() {
        if (isPaused && underwayBytes.get() <= RESUME_UNDERWAY_BYTES) {
            isPaused = false;
            socket.resumeReading();
        }
    }

    @Override
    public void drain() {
        socket.send(messages.goingAway());
    }

    @Override
    public void ended(ConnectionEnding ending) {
        if (isHere()) {
            client.connection().socketEnded(socket, ending);
        } else {
            postLost(ending);
        }
    }

    /** Tries until there is memory for the task: without it the session would never learn that its socket is gone. */
    private void postLost(ConnectionEnding ending) {
        try {
            home().post(() -> client.connection().socketEnded(socket, ending));
        } catch (RuntimeException | Error e) {
            socket.loop().schedule(RETRY, () -> postLost(ending));
            throw e;
        }
    }

    private Loop home() {
        return client.connection().loop();
    }

    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private boolean isHere() {
        return socket.loop() == home();
    }
}
