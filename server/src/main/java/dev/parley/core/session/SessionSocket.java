// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Payload;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the sockets of a session that outlives them. A socket may live on another loop than the session: then what it
 * reads is copied and posted there. On the socket's loop.
 */
public final class SessionSocket implements ClientConversation {

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Reading pauses while more than this is under way to the session's loop. */
    private static final int MAX_UNDERWAY_BYTES = 64 << 10;

    /** Reading goes on when no more than this is under way. */
    private static final int RESUME_UNDERWAY_BYTES = MAX_UNDERWAY_BYTES / 2;

    /** What a message under way takes besides its bytes, about. */
    private static final int MESSAGE_OVERHEAD = 128;

    private final ClientConnection socket;
    private final LastingSession session;
    private final LastingProtocol protocol;

    /** Bytes posted to the session's loop and not yet handled there. */
    private final AtomicInteger underwayBytes = new AtomicInteger();

    /** Reading is paused until less is under way. Set on the socket's loop alone. */
    private volatile boolean isPaused;

    /** A socket of a session. */
    public SessionSocket(ClientConnection socket, LastingSession session, LastingProtocol protocol) {
        this.socket = socket;
        this.session = session;
        this.protocol = protocol;
    }

    @Override
    public void text(Payload payload) {
        if (isHere()) {
            session.text(socket, payload);
        } else {
            Payload copy = Payload.of(payload.copy());
            post(payload.length(), () -> session.text(socket, copy));
        }
    }

    @Override
    public void binary(Payload payload) {
        if (isHere()) {
            session.binary(socket, payload);
        } else {
            Payload copy = Payload.of(payload.copy());
            post(payload.length(), () -> session.binary(socket, copy));
        }
    }

    private void post(int bytes, Runnable message) {
        int cost = bytes + MESSAGE_OVERHEAD;
        int underway = underwayBytes.addAndGet(cost);
        home().post(() -> session.handle(socket, () -> {
            handled(cost);
            new GuardedTask(session.connection(), message).run();
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
        socket.send(protocol.goingAway());
    }

    @Override
    public void ended(ConnectionEnding ending) {
        if (isHere()) {
            session.connection().socketEnded(socket, ending);
        } else {
            postEnded(ending);
        }
    }

    /** Tries until there is memory for the task: without it the session would never learn that its socket is gone. */
    private void postEnded(ConnectionEnding ending) {
        try {
            home().post(() -> session.connection().socketEnded(socket, ending));
        } catch (RuntimeException | Error e) {
            socket.loop().schedule(RETRY, () -> postEnded(ending));
            throw e;
        }
    }

    private Loop home() {
        return session.loop();
    }

    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private boolean isHere() {
        return socket.loop() == home();
    }
}
