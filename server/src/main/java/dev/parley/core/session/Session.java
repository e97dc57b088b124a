// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client as core knows it, as long as its connection: who it is, in which rooms it is, and what is sent to it.
 *
 * <p>Frames for it are posted from any loop and sent on the loop of its connection. Presence and answers are sent at
 * once; signals pass its {@link SignalInbox}. As a sender it has {@link SenderCredit}.
 */
public abstract sealed class Session permits PlainSession, LastingSession {

    private static final AtomicIntegerFieldUpdater<Session> UNDERWAY =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "underwayBytes");
    private static final AtomicReferenceFieldUpdater<Session, @Nullable SignalInbox> INBOX =
            AtomicReferenceFieldUpdater.newUpdater(Session.class, SignalInbox.class, "inbox");

    private final ClientConnection connection;

    /** Other loops read it. Changes only while the session is in no roster. */
    private volatile PeerIdentity peer;

    private final Object group;
    private final SessionTerms terms;
    private final ClientProtocol protocol;

    /** Set once, before anything can happen to the session; null for a client whose rights never change. */
    private @Nullable SessionClient client;

    /** Null until a signal is sent to the session, or it is introduced to peers: most clients receive little. */
    private volatile @Nullable SignalInbox inbox;

    /** Null until the session posts a signal. Written on the session's loop. */
    private volatile @Nullable SenderCredit credit;

    /** Presence posted to the connection's loop and not yet handed to the connection. Bytes. */
    private volatile int underwayBytes;

    /** More presence was posted than may be: behind it, the client is closed. */
    private volatile boolean isOverrun;

    /** Guarded by the peers it is one of. */
    private boolean isSettled;

    /** Written on the session's loop. */
    private volatile @Nullable RoomMembership newestMembership;

    /**
     * A session that speaks through this connection.
     *
     * @param peer what others see of it
     * @param group what senders of one key and address have in common: they share the turns of one sender in the
     *     backlog of a receiver
     * @param protocol what its client understands
     */
    Session(ClientConnection connection, PeerIdentity peer, Object group, SessionTerms terms, ClientProtocol protocol) {
        this.connection = connection;
        this.peer = peer;
        this.group = group;
        this.terms = terms;
        this.protocol = protocol;
    }

    /** Sets what handles the messages of its client, once, before anything can happen to the session. */
    public void setClient(SessionClient newClient) {
        client = newClient;
    }

    @Nullable
    SessionClient client() {
        return client;
    }

    /** What others see of it. */
    public PeerIdentity peer() {
        return peer;
    }

    /** Replaces what others see of it, which has the same id. Not to be called once the session is in a roster. */
    public void setPeer(PeerIdentity shown) {
        peer = shown;
    }

    /** It may be in rosters from now on, where others see what {@link #peer} says. */
    public void settle() {
        isSettled = true;
    }

    /** Returns whether it may be in rosters. */
    public boolean isSettled() {
        return isSettled;
    }

    /** What senders of one key and address have in common, compared by {@code equals}. */
    public Object group() {
        return group;
    }

    /** The connection it speaks through. */
    public ClientConnection connection() {
        return connection;
    }

    /** The protocol its client speaks. */
    public ClientProtocol protocol() {
        return protocol;
    }

    SessionTerms terms() {
        return terms;
    }

    /** The loop on which its frames arrive. */
    public Loop loop() {
        return connection.loop();
    }

    /** Whether it outlives sockets, and its client understands the frames of such sessions. */
    public abstract boolean isLasting();

    /** Returns the origin of a signal the client sends with this number; null if it cannot be notified later. */
    public @Nullable SignalOrigin origin(long sequence) {
        return null;
    }

    /** Which requests of its client were received; null if its requests have no numbers. */
    public @Nullable RequestReceipts receipts() {
        return null;
    }

    /**
     * The client acknowledges all frames through this number, see {@link LastingConnection#received}; -1 if they have
     * no numbers.
     */
    public int received(long sequence) {
        return -1;
    }

    // Rooms.

    /** Adds a membership of a room. On the session's loop. */
    public void add(RoomMembership membership) {
        newestMembership = membership.linkBefore(newestMembership);
    }

    /**
     * Removes a membership of a room, if the session has it, and the waiting presence of the room. On the session's
     * loop.
     */
    public void remove(RoomMembership membership) {
        newestMembership = membership.unlinkFrom(newestMembership);
        takeDelayedPresence(membership);
    }

    /**
     * The membership that was added last, null without any; the others follow by {@link RoomMembership#older}.
     * Following them meets each once, but for those that are added or removed meanwhile. Safe from any thread.
     */
    public @Nullable RoomMembership newestMembership() {
        return newestMembership;
    }

    // Its end.

    /** Has the session look at what it may do. Safe from any thread. */
    public void reconsider() {
        SessionClient reader = client;
        if (reader != null) {
            loop().post(new GuardedTask(connection, reader::rightsChanged));
        }
    }

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

    /**
     * Notifies the origin that a signal is not delivered, if this session is over: not if it left a room. On its loop.
     */
    public void reportMissedIfEnded(@Nullable SignalOrigin origin) {}

    /** Notifies the origin that its signal was lost in a failure of the server. */
    void reportLost(@Nullable SignalOrigin origin) {}

    /**
     * The session is over: the frames that wait for it are dropped, or reported to the senders. On the session's loop.
     */
    public void end() {
        SignalInbox known = inbox;
        if (known != null) {
            known.end();
        }
    }

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

    /** Sends a frame that is for this moment: a client that is away does not get it later. On the session's loop. */
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

    /** The client sends this peer a signal of so many bytes. On the session's loop. */
    public void signalSent(String to, int signalBytes) {
        SignalInbox known = inbox;
        if (known != null) {
            known.signalSent(to, signalBytes);
        }
    }

    /** Sends the offers that wait, before the client leaves a room or changes its interest. On the session's loop. */
    public void releaseOffers() {
        SignalInbox known = inbox;
        if (known != null) {
            known.releaseOffers();
        }
    }

    /** Its credit as a sender. Made on the session's loop, where it spends; given back on any. */
    public SenderCredit credit() {
        SenderCredit known = credit;
        if (known == null) {
            known = new SenderCredit(connection, terms);
            credit = known;
        }
        return known;
    }

    // How its kind of connection is sent to.

    /** Sends a frame. Consumes one reference. */
    abstract void pass(Frame frame, @Nullable SignalOrigin origin);

    /** A signal of this origin was dropped. */
    abstract void dropped(@Nullable SignalOrigin origin);

    /** Signals that may wait for it. Bytes. */
    abstract int queueBytes();

    /** What a signal counts for at least among those that wait. Bytes. */
    abstract int leastWeight();

    /** Whether one more signal may be queued behind so many. */
    abstract boolean mayQueue(int count);

    /** Returns what counts the messages that wait for it. */
    abstract HeldMessages holding();

    /** Whether offers of peers wait until the client has sent its own. */
    abstract boolean delaysOffers();
}
