// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to the socket that a session has now, if it has one. A socket may live on another loop than the session:
 * frames for it are posted there, in order, and that loop says when it takes more. On the session's loop.
 */
final class SocketLink {

    /** Frames posted to the loop of a socket before that loop says that they are sent. Bytes. */
    private static final int POSTED_BYTES = 16 << 10;

    private final Loop loop;
    private final Waiting waiting;

    /** Null while the client is away. */
    private @Nullable ClientConnection socket;

    /** The socket, which lives on this loop, will say when it takes more. */
    private boolean isSocketAsked;

    /** Posted to the loop of the socket since that loop last said that it takes more. */
    private int postedBytes;

    /** The loop of the socket was asked to say so. */
    private boolean isLoopAsked;

    /** Waits for the socket. */
    interface Waiting {

        /** The socket may take more than before. */
        void socketTakesMore();
    }

    SocketLink(ClientConnection first, Waiting waiting) {
        this.loop = first.loop();
        this.socket = first;
        this.waiting = waiting;
    }

    /** Returns the session's loop. */
    Loop loop() {
        return loop;
    }

    /** The socket it has, null while the client is away. */
    @Nullable
    ClientConnection socket() {
        return socket;
    }

    /** Has this socket from now on, or none. */
    void set(@Nullable ClientConnection next) {
        socket = next;
        postedBytes = 0;
        isLoopAsked = false;
    }

    /** Sends a frame, which is dropped if the client is away. */
    void send(Frame frame) {
        ClientConnection now = socket;
        if (now == null) {
            frame.release();
        } else if (isHere(now)) {
            now.send(frame);
        } else {
            postedBytes += frame.length();
            try {
                now.loop().post(() -> now.send(frame));
            } catch (RuntimeException | Error e) { // no memory for the task
                frame.release();
                throw e;
            }
            if (postedBytes >= POSTED_BYTES) {
                askLoop(now);
            }
        }
    }

    /** Whether there is a socket that takes more now. */
    boolean takesMore() {
        ClientConnection now = socket;
        return now != null && (isHere(now) ? now.isWritable() : postedBytes < POSTED_BYTES);
    }

    /** Whether there is a socket that has taken everything. */
    boolean hasTakenAll() {
        ClientConnection now = socket;
        return now != null && (isHere(now) ? now.isWritable() : !isLoopAsked);
    }

    /** Notifies who waits once the socket takes more; does nothing without a socket. */
    void awaitMore() {
        ClientConnection now = socket;
        if (now == null) {
            return;
        }
        if (!isHere(now)) {
            askLoop(now);
        } else if (!isSocketAsked) {
            isSocketAsked = true;
            now.whenWritable(() -> {
                isSocketAsked = false;
                waiting.socketTakesMore();
            });
        }
    }

    private void askLoop(ClientConnection now) {
        if (!isLoopAsked) {
            isLoopAsked = true;
            now.loop().post(() -> now.whenWritable(() -> loop.post(() -> loopTakesMore(now))));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    private void loopTakesMore(ClientConnection now) {
        if (now == socket) {
            isLoopAsked = false;
            postedBytes = 0;
            waiting.socketTakesMore();
        }
    }

    /** Runs the task once the client has read all that was sent so far, see {@link ClientConnection#whenRead}. */
    void whenRead(Duration patience, Runnable task) {
        ClientConnection now = socket;
        if (now == null) {
            loop.post(task);
        } else if (isHere(now)) {
            now.whenRead(patience, task);
        } else {
            now.loop().post(() -> now.whenRead(patience, () -> loop.post(task)));
        }
    }

    /** Asks whether the client at the socket is alive, see {@link ClientConnection#probe}. */
    void probe(ClientConnection now, Duration patience, Runnable known) {
        if (isHere(now)) {
            now.probe(patience, known);
        } else {
            now.loop().post(() -> now.probe(patience, () -> loop.post(known)));
        }
    }

    /** Does something with the socket there is, on its loop. */
    void onSocket(Consumer<ClientConnection> action) {
        ClientConnection now = socket;
        if (now != null) {
            onLoopOf(now, action);
        }
    }

    /** Does something with a socket on its loop: now, if that is the session's. */
    void onLoopOf(ClientConnection it, Consumer<ClientConnection> action) {
        if (isHere(it)) {
            action.accept(it);
        } else {
            it.loop().post(() -> action.accept(it));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private boolean isHere(ClientConnection it) {
        return it.loop() == loop;
    }
}
