// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;

import dev.parley.config.ContinuitySettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.UndeliveredReason;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the frames of a session over the socket it has: each is numbered and kept until the client acknowledges it. A
 * later socket may live on another loop: frames for it are posted there, in order. On the session's loop.
 */
final class LastingDelivery {

    /** A client that has read everything and acknowledges nothing for so long is not waited for. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Frames posted to the loop of a socket before that loop says that they are sent. Bytes. */
    private static final int POSTED_BYTES = 16 << 10;

    /** Answers and presence that may be kept beyond what is kept of signals. Bytes. */
    private static final int RESERVE_BYTES = 2 << 20;

    private final SessionRegistry registry;
    private final LastingProtocol protocol;
    private final Loop loop;
    private final String peerId;
    private final HeldMessages holding;
    private final UnconfirmedFrames outbox;
    private final Runnable overflow;

    /** Null while the client is away. */
    private @Nullable ClientConnection socket;

    /** Why later signals will not reach the client; null while they may. */
    private @Nullable UndeliveredReason stopped;

    /** Not null from a resume until the socket has taken what the client missed. */
    private @Nullable MissedFrames missed;

    /** Runs once the client takes more. */
    private @Nullable Runnable whenWritable;

    /** The socket, which lives on this loop, will say when it takes more. */
    private boolean isSocketAsked;

    /** Posted to the loop of the socket since that loop last said that it takes more. */
    private int postedBytes;

    /** The loop of the socket was asked to say so. */
    private boolean isLoopAsked;

    /** The number up to which the client has received, when it was last looked at; -1 while nobody looks. */
    private long receivedBefore = -1;

    /**
     * A delivery over this socket.
     *
     * @param peerId what others address the client by
     * @param overflow ends the session, as more is kept for the client than may be
     */
    LastingDelivery(
            SessionRegistry registry,
            LastingProtocol protocol,
            ClientConnection first,
            String peerId,
            HeldMessages holding,
            Runnable overflow) {
        this.registry = registry;
        this.protocol = protocol;
        this.loop = first.loop();
        this.peerId = peerId;
        this.holding = holding;
        this.outbox = new UnconfirmedFrames(holding);
        this.socket = first;
        this.overflow = overflow;
    }

    /** The socket it has, null while the client is away. */
    @Nullable
    ClientConnection socket() {
        return socket;
    }

    /** Has this socket from now on, or none. What the former has not taken of what the client missed is kept. */
    void setSocket(@Nullable ClientConnection next) {
        releaseMissed();
        socket = next;
        postedBytes = 0;
        isLoopAsked = false;
    }

    /** Sends a frame with the next number; its origin is notified if it may not reach the client. */
    void send(Frame frame, @Nullable SignalOrigin origin) {
        if (stopped != null) {
            frame.release();
            if (origin != null) {
                reportUndelivered(origin, stopped);
            }
            return;
        }
        Frame numbered = protocol.number(frame, outbox.next());
        outbox.add(numbered, origin);
        if (isOverfull()) {
            overflow.run();
        } else if (missed != null) {
            missed.add(numbered.retain());
        } else {
            sendTransient(numbered.retain());
        }
    }

    /** Sends a frame that has no number: it is for this moment, and is dropped if the client is away. */
    void sendTransient(Frame frame) {
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

    /** Whether a client that received all through this number can get the rest. */
    boolean reaches(long position) {
        return outbox.reaches(position);
    }

    /**
     * Goes on over the socket it has now: the welcome, then what the client missed behind this number, then what is
     * new.
     */
    void resume(long position, Frame welcome) {
        outbox.forget(position);
        sendTransient(welcome);
        missed = MissedFrames.of(outbox.list());
    }

    /**
     * The client acknowledges all through this number. Returns how many frames were kept for that until now; negative
     * if it cannot have received them.
     */
    int received(long sequence) {
        int forgotten = sequence >= 0 && outbox.knows(sequence) ? outbox.forget(sequence) : -1;
        waitUntilWritable();
        return forgotten;
    }

    /** Why later signals will not reach the client; null while they may. */
    @Nullable
    UndeliveredReason stopped() {
        return stopped;
    }

    /** Later frames will not reach the client, for this reason. */
    void stop(UndeliveredReason reason) {
        stopped = reason;
    }

    /** Notifies the senders of what is kept, for the reason for which the delivery was stopped. */
    void reportUnconfirmed() {
        UndeliveredReason reason = requireNonNull(stopped, "more may reach the client");
        outbox.removeAll().forEach(span -> registry.reportUndelivered(span, peerId, reason));
        waitUntilWritable();
    }

    /** Notifies the sender of a signal that does not reach the client. */
    void reportUndelivered(SignalOrigin origin, UndeliveredReason reason) {
        registry.reportUndelivered(
                new UnconfirmedFrames.Span(origin.sender(), origin.sequence(), origin.sequence()), peerId, reason);
    }

    /** The origin's signal is not delivered: the session is over, or busy. */
    void reportMissed(SignalOrigin origin) {
        reportUndelivered(origin, stopped == null ? UndeliveredReason.BUSY : stopped);
    }

    /**
     * What a signal counts for at least among those that wait: as many fit as may be kept for a client that is away.
     */
    int leastWeight() {
        return queueBytes() / bounds().frames();
    }

    /** Of what is kept for the client, how much may wait without a number. */
    int queueBytes() {
        return bounds().bytes() / 2;
    }

    /** Whether a signal may wait behind so many: those that are kept for a client that is away are counted. */
    boolean mayQueue(int count) {
        return socket != null || outbox.frames() + count < bounds().frames();
    }

    /** Whether a signal is sent, or reported as undelivered, at once. */
    boolean isWritable() {
        return stopped != null || (socket != null && missed == null && !isWindowFull() && takesMore(socket));
    }

    /** Posts the task once {@link #isWritable}. */
    void whenWritable(Runnable task) {
        Runnable before = whenWritable;
        whenWritable = before == null
                ? task
                : () -> {
                    before.run();
                    task.run();
                };
        waitUntilWritable();
    }

    /** To be called when something has changed that writing may wait for. */
    void waitUntilWritable() {
        resend();
        ClientConnection now = socket;
        Runnable task = whenWritable;
        if (task == null && missed == null) {
            return;
        }
        if (task != null && isWritable()) {
            whenWritable = null;
            loop.post(task);
        } else if (now == null) {
            return; // until it has one, or is over
        } else if (missed == null && isWindowFull()) {
            watchReceived();
        } else if (isHere(now)) {
            if (!isSocketAsked) {
                isSocketAsked = true;
                now.whenWritable(() -> {
                    isSocketAsked = false;
                    waitUntilWritable();
                });
            }
        } else {
            askLoop(now);
        }
    }

    private boolean takesMore(ClientConnection now) {
        return isHere(now) ? now.isWritable() : postedBytes < POSTED_BYTES;
    }

    /**
     * Of what is kept for the client, half may be on its way to it, or one signal: the rest waits and is not numbered
     * yet.
     */
    private boolean isWindowFull() {
        return outbox.bytes() > bounds().bytes() / 2;
    }

    /** Sends what the client missed, as much as its socket takes now. */
    private void resend() {
        MissedFrames rest = missed;
        ClientConnection now = socket;
        if (rest == null || now == null) {
            return;
        }
        while (!rest.isEmpty() && takesMore(now)) {
            sendTransient(rest.next());
        }
        if (rest.isEmpty()) {
            missed = null;
        }
    }

    private void releaseMissed() {
        if (missed != null) {
            missed.release();
            missed = null;
        }
    }

    private void askLoop(ClientConnection now) {
        if (!isLoopAsked) {
            isLoopAsked = true;
            now.loop().post(() -> now.whenWritable(() -> loop.post(() -> loopAcceptsMore(now))));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    private void loopAcceptsMore(ClientConnection now) {
        if (now == socket) {
            isLoopAsked = false;
            postedBytes = 0;
            waitUntilWritable();
        }
    }

    /**
     * A client that has read all it was sent, and acknowledges nothing of it while more waits, does not do what it
     * must.
     */
    private void watchReceived() {
        if (receivedBefore < 0) {
            receivedBefore = outbox.received();
            loop.schedule(SILENCE, () -> loop.defer(this::checkReceived));
        }
    }

    private void checkReceived() {
        boolean isSilent = receivedBefore == outbox.received();
        receivedBefore = -1;
        ClientConnection now = socket;
        if (stopped != null || now == null || whenWritable == null || !isWindowFull()) {
            return;
        }
        boolean hasReadAll = missed == null && (isHere(now) ? now.isWritable() : !isLoopAsked);
        if (isSilent && hasReadAll) {
            overflow.run();
        } else {
            watchReceived();
        }
    }

    /** Signals wait before it comes to that: this is of answers and presence. */
    private boolean isOverfull() {
        long bytes = outbox.bytes();
        if (holding.isExcessive() || (bytes > AddressMemory.SMALL && !holding.mayHold(0))) {
            return true;
        }
        return socket == null
                ? outbox.frames() > bounds().frames() || bytes > bounds().bytes()
                : bytes > bounds().bytes() + RESERVE_BYTES;
    }

    private ContinuitySettings bounds() {
        return registry.bounds();
    }

    /** What is kept for the client. */
    HeldMessages holding() {
        return holding;
    }

    // The socket, which may live on another loop.

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

    /** Whether the socket lives on the loop of the session. */
    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    boolean isHere(ClientConnection it) {
        return it.loop() == loop;
    }
}
