// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.SessionEvent;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to the client of one session. Frames are posted from any loop and sent on the loop of its connection.
 * Presence and answers are sent at once, in the order in which they were posted; signals pass its {@link SignalInbox}.
 */
public abstract sealed class FrameReceiver permits Session {

    private static final AtomicIntegerFieldUpdater<FrameReceiver> UNDERWAY =
            AtomicIntegerFieldUpdater.newUpdater(FrameReceiver.class, "underwayBytes");
    private static final AtomicReferenceFieldUpdater<FrameReceiver, @Nullable SignalInbox> INBOX =
            AtomicReferenceFieldUpdater.newUpdater(FrameReceiver.class, SignalInbox.class, "inbox");

    private final ClientConnection connection;
    private final SessionTerms terms;
    private final ClientProtocol protocol;

    /** Null until a signal is sent to the session, or it is introduced to peers: most clients receive little. */
    private volatile @Nullable SignalInbox inbox;

    /** Presence posted to the connection's loop and not yet handed to the connection. Bytes. */
    private volatile int underwayBytes;

    /** More presence was posted than may be: behind it, the client is closed. */
    private volatile boolean isOverrun;

    FrameReceiver(ClientConnection connection, SessionTerms terms, ClientProtocol protocol) {
        this.connection = connection;
        this.terms = terms;
        this.protocol = protocol;
    }

    /** Returns the connection to the client. */
    public ClientConnection connection() {
        return connection;
    }

    /** Returns the protocol of the client. */
    public ClientProtocol protocol() {
        return protocol;
    }

    SessionTerms terms() {
        return terms;
    }

    /** Returns the loop on which its frames arrive. */
    public Loop loop() {
        return connection.loop();
    }

    /** What senders of one key and address have in common, compared by {@code equals}. */
    public abstract Object group();

    // Its end.

    /** Puts the client out. Safe from any thread. */
    public void close(CloseCode code) {
        loop().post(() -> connection.close(code));
    }

    /** Ends the session, which missed a frame, and reports why; others get theirs. Safe from any thread. */
    public void fail(Throwable cause) {
        loop().post(() -> {
            connection.close(CloseCode.INTERNAL_ERROR);
            throw new IllegalStateException("a frame could not be sent", cause);
        });
    }

    /** A signal of this origin was lost in a failure, after which the session ends. On the session's loop. */
    public void failDelivery(@Nullable SignalOrigin origin, Throwable cause) {
        connection.close(CloseCode.INTERNAL_ERROR); // at once: nothing may be sent behind what is missing
        fail(cause);
        reportLost(origin);
    }

    /** Notifies the origin that its signal was lost in a failure of the server. */
    void reportLost(@Nullable SignalOrigin origin) {}

    // Presence and answers.

    /**
     * Sends presence, or an answer, of which it consumes one reference, after everything posted to the session's loop
     * before. Safe from any thread.
     */
    public void post(Frame frame) {
        if (!reservePresence(frame)) {
            frame.release();
            return;
        }
        try {
            loop().post(() -> {
                releasePresence(frame);
                passOrFail(frame, null);
            });
        } catch (RuntimeException | Error e) { // no memory for the task
            releasePresence(frame);
            frame.release();
            throw e;
        }
    }

    /**
     * Counts presence that is about to be posted to this session's loop, where {@link #releasePresence} follows; false
     * if the session takes no more.
     */
    public boolean reservePresence(Frame frame) {
        if (!isOverrun && UNDERWAY.addAndGet(this, frame.length()) > terms.queueBytes()) {
            loop().post(() -> connection.close(CloseCode.SLOW_CONSUMER)); // before anyone may leave a frame out
            isOverrun = true;
        }
        return !isOverrun;
    }

    /** Expected presence is under way no longer. On the session's loop. */
    public void releasePresence(Frame frame) {
        UNDERWAY.addAndGet(this, -frame.length());
    }

    /** Whether more than half of the presence that may be under way to it is. */
    public boolean isBehind() {
        return underwayBytes > terms.queueBytes() / 2;
    }

    /** Whether it takes no more presence. */
    public boolean isOverrun() {
        return isOverrun;
    }

    /** Whether presence is sent at once: nothing waits and the socket takes more. On the session's loop. */
    public boolean takesPresence() {
        SignalInbox known = inbox;
        return (known == null || !known.hasBacklog()) && connection.isWritable();
    }

    /**
     * Lets changes of one membership's roster wait for the socket, ahead of the signals that wait. A client that makes
     * more wait than there is memory for is closed. On the session's loop, where {@link #takesPresence} is false.
     *
     * @param made makes the backlog if there was none before
     */
    public void delayPresence(
            RoomMembership membership, Function<RoomMembership, DelayedPresence> made, SessionEvent.Changed changed) {
        if (!isOverrun && !inbox().delayPresence(membership, made, changed)) {
            isOverrun = true;
            connection.close(CloseCode.SLOW_CONSUMER);
        }
    }

    /** Removes and returns the presence that waits, of one membership; null without any. On the session's loop. */
    public @Nullable DelayedPresence takeDelayedPresence(RoomMembership membership) {
        SignalInbox known = inbox;
        return known == null ? null : known.takePresence(membership);
    }

    /**
     * Sends presence and leaves the caller its reference. On the session's loop.
     *
     * @param event what the frame says
     */
    public void send(Frame frame, SessionEvent event) {
        if (delaysOffers() && (inbox != null || OfferHold.isNeeded(event))) {
            inbox().announce(event);
        }
        connection.send(frame.retain());
    }

    /** Sends a frame that is worthless later: it is dropped if the client is away. On the session's loop. */
    public void sendTransient(Frame frame) {
        connection.send(frame);
    }

    /** Sends a frame. Consumes one reference. False if that failed; the session ends then, as it missed something. */
    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    boolean passOrFail(Frame frame, @Nullable SignalOrigin origin) {
        try {
            pass(frame, origin);
            return true;
        } catch (RuntimeException | Error e) {
            failDelivery(origin, e);
            return false;
        }
    }

    // Signals.

    /** Where signals for this session arrive. Safe from any thread. */
    public SignalInbox inbox() {
        SignalInbox known = inbox;
        if (known != null) {
            return known;
        }
        SignalInbox added = new SignalInbox(this);
        return INBOX.compareAndSet(this, null, added) ? added : inbox();
    }

    /** Returns the inbox if there is one. */
    @Nullable
    SignalInbox inboxIfAny() {
        return inbox;
    }

    // How its kind of connection is sent to.

    /** Sends a frame. Consumes one reference. */
    abstract void pass(Frame frame, @Nullable SignalOrigin origin);

    /** Handles that a signal of this origin was dropped. */
    abstract void dropped(@Nullable SignalOrigin origin);

    /** Returns how many bytes of signals may wait for the receiver. */
    abstract int queueBytes();

    /** What a signal counts for at least among those that wait. Bytes. */
    abstract int leastWeight();

    /** Whether one more signal may be queued behind so many. */
    abstract boolean mayQueue(int count);

    /** Returns the counter of the messages that wait for it. */
    abstract HeldMessages holding();

    /** Whether offers of peers wait until the client has sent its own. */
    abstract boolean delaysOffers();
}
