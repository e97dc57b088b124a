// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;

import dev.parley.config.ContinuitySettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Frame;
import dev.parley.core.port.UndeliveredReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends the frames of a session over the socket it has: each is numbered and kept until the client acknowledges it. On
 * the session's loop.
 */
final class LastingDelivery implements SocketLink.Waiting {

    /** A client that has read everything and acknowledges nothing for so long is not waited for. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Answers and presence that may be kept beyond what is kept of signals. Bytes. */
    private static final int RESERVE_BYTES = 2 << 20;

    private final SessionRegistry registry;
    private final LastingProtocol protocol;
    private final SocketLink link;
    private final String peerId;
    private final HeldMessages holding;
    private final UnconfirmedFrames outbox;
    private final Runnable overflow;

    /** Why later signals will not reach the client; null while they may. */
    private @Nullable UndeliveredReason stopped;

    /** Not null from a resume until the socket has taken what the client missed. */
    private @Nullable MissedFrames missed;

    /** Runs once the client takes more. */
    private @Nullable Runnable whenWritable;

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
        this.link = new SocketLink(first, this);
        this.peerId = peerId;
        this.holding = holding;
        this.outbox = new UnconfirmedFrames(holding);
        this.overflow = overflow;
    }

    /** Returns the link to the current socket. */
    SocketLink link() {
        return link;
    }

    /** The socket it has, null while the client is away. */
    @Nullable
    ClientConnection socket() {
        return link.socket();
    }

    /** Has this socket from now on, or none. What the former has not taken of what the client missed is kept. */
    void setSocket(@Nullable ClientConnection next) {
        if (missed != null) {
            missed.release();
            missed = null;
        }
        link.set(next);
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
        link.send(frame);
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

    /** Returns how many of the kept bytes may wait without a number. */
    int queueBytes() {
        return bounds().bytes() / 2;
    }

    /** Whether a signal may wait behind so many: those that are kept for a client that is away are counted. */
    boolean mayQueue(int count) {
        return socket() != null || outbox.frames() + count < bounds().frames();
    }

    /** Whether a signal is sent, or reported as undelivered, at once. */
    boolean isWritable() {
        return stopped != null || (missed == null && !isWindowFull() && link.takesMore());
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

    /** Checks again whether the client takes more. Called after each change that writing may wait for. */
    void waitUntilWritable() {
        resend();
        Runnable task = whenWritable;
        if (task == null && missed == null) {
            return;
        }
        if (task != null && isWritable()) {
            whenWritable = null;
            link.loop().post(task);
        } else if (missed == null && isWindowFull() && socket() != null) {
            watchReceived();
        } else {
            link.awaitMore(); // without a socket, until it has one or is over
        }
    }

    @Override
    public void socketTakesMore() {
        waitUntilWritable();
    }

    /**
     * Returns whether half of what may be kept is on its way to the client, or one signal: the rest waits and is not
     * numbered yet.
     */
    private boolean isWindowFull() {
        return outbox.bytes() > bounds().bytes() / 2;
    }

    /** Sends what the client missed, as much as its socket takes now. */
    private void resend() {
        MissedFrames rest = missed;
        if (rest == null || socket() == null) {
            return;
        }
        while (!rest.isEmpty() && link.takesMore()) {
            sendTransient(rest.next());
        }
        if (rest.isEmpty()) {
            missed = null;
        }
    }

    /**
     * A client that has read all it was sent, and acknowledges nothing of it while more waits, does not do what it
     * must.
     */
    private void watchReceived() {
        if (receivedBefore < 0) {
            receivedBefore = outbox.received();
            link.loop().schedule(SILENCE, () -> link.loop().defer(this::checkReceived));
        }
    }

    private void checkReceived() {
        boolean isSilent = receivedBefore == outbox.received();
        receivedBefore = -1;
        if (stopped != null || socket() == null || whenWritable == null || !isWindowFull()) {
            return;
        }
        if (isSilent && missed == null && link.hasTakenAll()) {
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
        return socket() == null
                ? outbox.frames() > bounds().frames() || bytes > bounds().bytes()
                : bytes > bounds().bytes() + RESERVE_BYTES;
    }

    private ContinuitySettings bounds() {
        return registry.bounds();
    }

    /** Returns the messages that are kept for the client. */
    HeldMessages holding() {
        return holding;
    }
}
