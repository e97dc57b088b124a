// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.UndeliveredReason;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client as core knows it. Lives as long as its connection, which may outlive sockets, see {@link LastingConnection}.
 *
 * <p>Frames for it are posted from any loop and sent on the loop of its connection. Presence and answers are sent at
 * once; signals wait in a {@link ReceiverBacklog} while the client does not take them, and before that, offers may wait
 * in an {@link OfferHold}. As a sender it has credit for the signals it posts: without credit it is not read from, so
 * that a loop that falls behind slows down those who keep it busy, and nobody else.
 */
public final class Session {

    private static final AtomicIntegerFieldUpdater<Session> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "pendingBytes");
    private static final AtomicIntegerFieldUpdater<Session> UNDERWAY =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "underwayBytes");
    private static final AtomicIntegerFieldUpdater<Session> SPENT =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "spentBytes");

    /** The group of back ends, which send without a session. */
    private static final Object BACK_ENDS = "back ends";

    private final ClientConnection connection;

    /** Other loops read it. Changes only while the session is in no roster. */
    private volatile PeerIdentity peer;

    private final Object group;
    private final SessionTerms terms;
    private final RightsListener rightsListener;

    /** Null while no introduction is recent. On the session's loop. */
    private @Nullable OfferHold offers;

    /** Null while the client takes signals as they arrive. */
    private @Nullable ReceiverBacklog backlog;

    /** Signals for this session for which room is reserved, and those that wait for it. Bytes. */
    private volatile int pendingBytes;

    /** Presence posted to the connection's loop and not yet handed to the connection. Bytes. */
    private volatile int underwayBytes;

    /** Guarded by the peers it is one of. */
    private boolean isSettled;

    /** Signals this session has posted to loops, which they have not handled yet. Bytes. */
    private volatile int spentBytes;

    /** More presence was posted than may be: behind it, the client is closed. */
    private volatile boolean isOverrun;

    /** Written on the session's loop. */
    private volatile @Nullable RoomMembership newestMembership;

    /** It has no credit and is not read from. Changed on its loop. */
    private volatile boolean isHeld;

    /** The connection will say when it takes more. */
    private boolean isDrainDue;

    /** Is notified when the receiver of a signal has taken it, or was busy for too long. On the receiver's loop. */
    @FunctionalInterface
    public interface Answer {

        /** Called once. */
        void answered(boolean isTaken);
    }

    /** Is notified after what a session may do has changed. On the session's loop. */
    @FunctionalInterface
    public interface RightsListener {

        /** Reads the session's rights again. The session ends if this fails. */
        void rightsChanged();
    }

    /**
     * A session that speaks through this connection.
     *
     * @param peer what others see of it
     * @param group what senders of one key and address have in common: they share the turns of one sender in the
     *     backlog of a receiver
     */
    public Session(
            ClientConnection connection,
            PeerIdentity peer,
            Object group,
            SessionTerms terms,
            RightsListener rightsListener) {
        this.connection = connection;
        this.peer = peer;
        this.group = group;
        this.terms = terms;
        this.rightsListener = rightsListener;
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

    /** The loop on which its frames arrive. */
    public Loop loop() {
        return connection.loop();
    }

    /** Whether it outlives sockets, and its client understands the frames of such sessions. */
    public boolean isLasting() {
        return connection instanceof LastingConnection;
    }

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

    /** Has the session look at what it may do. Safe from any thread. */
    public void reconsider() {
        loop().post(this::rightsChanged);
    }

    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    private void rightsChanged() {
        try {
            rightsListener.rightsChanged();
        } catch (RuntimeException | Error e) {
            connection.close(CloseCode.INTERNAL_ERROR);
            throw e; // the loop logs it
        }
    }

    /** Puts the client out. Safe from any thread. */
    public void close(CloseCode code) {
        loop().post(() -> connection.close(code));
    }

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

    // Presence: counted until it is sent. The client is closed if too much waits for its loop.

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
        return backlog == null && connection.isWritable();
    }

    /**
     * Lets changes of one membership's roster wait for the socket, ahead of the signals that wait. A client that makes
     * more wait than there is memory for is closed. On the session's loop, where {@link #takesPresence} is false.
     *
     * @param made makes the backlog if there was none before
     */
    public void delayPresence(
            RoomMembership membership, Function<RoomMembership, DelayedPresence> made, SessionEvent.Changed changed) {
        if (!isOverrun && !backlog().delay(membership, made, changed)) {
            isOverrun = true;
            connection.close(CloseCode.SLOW_CONSUMER);
        }
    }

    /** Removes and returns the presence that waits, of one membership; null without any. On the session's loop. */
    public @Nullable DelayedPresence takeDelayedPresence(RoomMembership membership) {
        return backlog == null ? null : backlog.takePresence(membership);
    }

    /**
     * Sends presence and leaves the caller its reference. On the session's loop.
     *
     * @param event what the frame says
     */
    public void send(Frame frame, SessionEvent event) {
        if (terms.holdsOffers() && !isLasting()) { // a client of a lasting session waits by itself
            announce(event);
        }
        connection.send(frame.retain());
    }

    private void announce(SessionEvent event) {
        if (offers == null && OfferHold.isNeeded(event)) {
            offers = new OfferHold(this, new HeldMessages(terms.memory().of(group), connection));
        }
        if (offers != null) {
            offers.announce(event);
        }
    }

    // Offers of peers that wait until the client has made its own.

    /** The client sends this peer a signal of so many bytes. On the session's loop. */
    public void signalSent(String to, int signalBytes) {
        if (offers != null) {
            offers.sent(to, signalBytes);
        }
    }

    /** Sends the offers that wait, before the client leaves a room or changes its interest. On the session's loop. */
    public void releaseOffers() {
        if (offers != null) {
            offers.releaseAll();
        }
    }

    /** Nothing has to wait any more. */
    void endHold() {
        offers = null;
    }

    /** Sends a signal that waited, or queues it. Consumes one reference, and the reserved room. */
    void released(SendQueue.Waiting signal, Session sender) {
        arriveNow(signal.frame(), sender, signal.origin());
    }

    private boolean isHeld(Frame frame, @Nullable Session sender, @Nullable SignalOrigin origin, int metadataBytes) {
        return offers != null
                && sender != null
                && offers.holds(new SendQueue.Waiting(frame, origin), sender, frame.length() - metadataBytes);
    }

    // Signals of others to this session.

    /**
     * Reserves room for a signal to this session, for {@link #post(Frame, Session, SignalOrigin)}; false if it is busy.
     * Any thread.
     */
    public boolean reserve(int length) {
        int most = queueBytes() / 2;
        if (pendingBytes > most) {
            return false;
        }
        int weight = weight(length);
        int pending = PENDING.addAndGet(this, weight);
        if (pending > most && pending != weight) { // one signal always fits
            PENDING.addAndGet(this, -weight);
            return false;
        }
        return true;
    }

    /** What a signal of this length counts for among those that wait, see {@link SendQueue}. */
    private int weight(int length) {
        return Math.max(length, leastWeight());
    }

    private int queueBytes() {
        return connection instanceof LastingConnection lasting ? lasting.queueBytes() : terms.queueBytes();
    }

    private int leastWeight() {
        return connection instanceof LastingConnection lasting ? lasting.leastWeight() : 0;
    }

    /**
     * Sends a signal for which room was reserved. Consumes one reference. On the sender's loop.
     *
     * @param sender null for a back end
     * @param origin is notified if the signal is not delivered
     */
    public void post(Frame frame, @Nullable Session sender, @Nullable SignalOrigin origin) {
        int length = frame.length();
        if (sender != null) {
            sender.spendCredit(length);
        }
        try {
            loop().post(() -> {
                if (sender != null) {
                    sender.returnCredit(frame.length()); // no variable, which tasks keep
                }
                arrive(frame, sender, origin);
            });
        } catch (RuntimeException | Error e) { // no memory for the task: the caller does not acknowledge the signal
            if (sender != null) {
                sender.returnCredit(length);
            }
            release(length);
            frame.release();
            throw e;
        }
    }

    /** Sends a signal once there is room for it. Consumes one reference. On the sender's loop. */
    public void request(Frame frame, Session sender, @Nullable SignalOrigin origin, Answer answer) {
        int length = frame.length();
        sender.spendCredit(length);
        loop().post(() -> requested(frame, sender, origin, isTaken -> {
            sender.returnCredit(length);
            answer.answered(isTaken);
        }));
    }

    /**
     * Sends a signal to this session, or queues it, or drops it if the session is busy. Leaves the caller its
     * reference. On the session's loop.
     */
    public void offer(Frame frame, @Nullable Session sender, @Nullable SignalOrigin origin) {
        if (isHeld(frame, sender, origin, 0)) {
            reserveAnyway(frame.length());
            frame.retain();
        } else if (backlog == null && connection.isWritable()) {
            pass(frame.retain(), origin);
        } else {
            int length = frame.length();
            reserveAnyway(length);
            backlog().add(key(sender), new SendQueue.Waiting(frame.retain(), origin), false);
            drainBacklog();
        }
    }

    /**
     * Notifies the origin that a signal is not delivered, if this session is over: not if it left a room. On its loop.
     */
    public void reportMissedIfEnded(@Nullable SignalOrigin origin) {
        if (connection instanceof LastingConnection lasting && origin != null && lasting.end() != null) {
            lasting.reportMissed(origin);
        }
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
        if (connection instanceof LastingConnection lasting && origin != null) {
            lasting.reportUndelivered(origin, UndeliveredReason.STATE_LOST);
        }
    }

    /** Sends a frame that is for this moment: a client that is away does not get it later. On the session's loop. */
    public void sendTransient(Frame frame) {
        if (connection instanceof LastingConnection lasting) {
            lasting.sendTransient(frame);
        } else {
            connection.send(frame);
        }
    }

    /**
     * The client has received all through this number, see {@link LastingConnection#received}; -1 if it numbers
     * nothing.
     */
    public int received(long sequence) {
        return connection instanceof LastingConnection lasting ? lasting.received(sequence) : -1;
    }

    /**
     * The session is over: the frames that wait for it are dropped, or reported to the senders. On the session's loop.
     */
    public void end() {
        OfferHold held = offers;
        offers = null;
        if (held != null) {
            held.end();
        }
        ReceiverBacklog waiting = backlog;
        backlog = null;
        if (waiting != null) {
            waiting.end();
        }
    }

    // The credit of this session as a sender.

    /** Counts bytes this session posts to a loop; without credit it is not read from. On the session's loop. */
    public void spendCredit(int length) {
        if (SPENT.addAndGet(this, length) > terms.creditBytes() && !isHeld) {
            isHeld = true;
            connection.pauseReading();
            terms.observer().pausedForCredit();
            if (hasCredit()) {
                readOn(); // what was posted is handled already, and nobody saw that it is held
            }
        }
    }

    /** A loop has handled what this session posted there. Safe from any thread. */
    public void returnCredit(int length) {
        SPENT.addAndGet(this, -length);
        if (isHeld && hasCredit()) {
            loop().post(this::readOn);
        }
    }

    private boolean hasCredit() {
        return spentBytes <= terms.creditBytes() / 2;
    }

    private void readOn() {
        if (isHeld && hasCredit()) {
            isHeld = false;
            connection.resumeReading();
        }
    }

    // For the backlog.

    /** Sends a frame. Consumes one reference. */
    private void pass(Frame frame, @Nullable SignalOrigin origin) {
        if (connection instanceof LastingConnection lasting) {
            lasting.send(frame, origin);
        } else {
            connection.send(frame);
        }
    }

    /** Drops a signal, and notifies its origin if it can be. Consumes one reference. */
    void drop(SendQueue.Waiting signal) {
        signal.frame().release();
        if (connection instanceof LastingConnection lasting) {
            if (signal.origin() != null) {
                lasting.reportMissed(signal.origin());
            }
        } else {
            terms.observer().dropped();
        }
    }

    /** Whether one more signal may be queued behind so many. */
    boolean mayQueue(int count) {
        return !(connection instanceof LastingConnection lasting) || lasting.mayQueue(count);
    }

    void reserveAnyway(int length) {
        PENDING.addAndGet(this, weight(length));
    }

    void release(int length) {
        PENDING.addAndGet(this, -weight(length));
    }

    /** Sends what it takes now, and the rest when it takes more. */
    void drainBacklog() {
        ReceiverBacklog waiting = backlog;
        if (waiting == null) {
            return;
        }
        if (connection.isWritable()) {
            waiting.drain();
        }
        if (waiting.isEmpty()) {
            backlog = null;
        }
    }

    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    private void arrive(Frame frame, @Nullable Session sender, @Nullable SignalOrigin origin) {
        try {
            if (isHeld(frame, sender, origin, metadataBytes(sender))) {
                return;
            }
        } catch (RuntimeException | Error e) { // no memory for the timer
            release(frame.length());
            frame.release();
            failDelivery(origin, e);
            return;
        }
        arriveNow(frame, sender, origin);
    }

    private void arriveNow(Frame frame, @Nullable Session sender, @Nullable SignalOrigin origin) {
        if (backlog == null && connection.isWritable()) {
            release(frame.length());
            passOrFail(frame, origin);
        } else {
            backlog().add(key(sender), new SendQueue.Waiting(frame, origin), true);
            drainBacklog();
        }
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

    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    private void requested(Frame frame, Session sender, @Nullable SignalOrigin origin, Answer answer) {
        boolean isHeld;
        try {
            isHeld = isHeld(frame, sender, origin, metadataBytes(sender));
        } catch (RuntimeException | Error e) { // no memory for the timer
            frame.release();
            failDelivery(origin, e);
            answer.answered(false);
            return;
        }
        if (isHeld) {
            reserveAnyway(frame.length());
            answer.answered(true);
        } else if (backlog == null && connection.isWritable()) {
            boolean isTaken = passOrFail(frame, origin);
            answer.answered(isTaken);
        } else {
            backlog().request(key(sender), new SendQueue.Waiting(frame, origin), answer);
            drainBacklog();
        }
    }

    private ReceiverBacklog backlog() {
        if (backlog == null) {
            backlog = connection instanceof LastingConnection lasting
                    ? new ReceiverBacklog(this, lasting.holding(), waitingPresence(), queueBytes(), leastWeight())
                    : new ReceiverBacklog(
                            this,
                            new HeldMessages(terms.memory().of(group), connection),
                            waitingPresence(),
                            queueBytes(),
                            leastWeight());
            drainLater();
        }
        return backlog;
    }

    private WaitingPresence waitingPresence() {
        return new WaitingPresence(terms.connections(), group);
    }

    private void drainLater() {
        if (!isDrainDue) {
            isDrainDue = true;
            connection.whenWritable(this::writable);
        }
    }

    private void writable() {
        isDrainDue = false;
        drainBacklog();
        if (backlog != null) {
            drainLater();
        }
    }

    /** What the sender's metadata adds to a signal for one peer, about. */
    private static int metadataBytes(@Nullable Session sender) {
        String metadata = sender == null ? null : sender.peer.metadata();
        return metadata == null ? 0 : metadata.length();
    }

    private static SignalSender key(@Nullable Session sender) {
        return sender == null ? new SignalSender(BACK_ENDS, "") : new SignalSender(sender.group, sender.peer.id());
    }
}
