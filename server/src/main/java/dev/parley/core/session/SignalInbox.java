// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionEvent;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where signals for one session arrive. They pass while the client takes them; else they wait in a {@link
 * ReceiverBacklog}, and before that, offers may wait in an {@link OfferHold}. On the session's loop, but for what
 * reserves room or posts.
 */
public final class SignalInbox {

    private static final AtomicIntegerFieldUpdater<SignalInbox> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(SignalInbox.class, "pendingBytes");

    /** The group of back ends, which send without a session. */
    private static final Object BACK_ENDS = "back ends";

    private final FrameReceiver session;

    /** Null while no introduction is recent. */
    private @Nullable OfferHold offers;

    /** Null while the client takes signals as they arrive. */
    private @Nullable ReceiverBacklog backlog;

    /** Signals for which room is reserved, and those that wait for it. Bytes. */
    private volatile int pendingBytes;

    /** The connection will say when it takes more. */
    private boolean isDrainDue;

    /** Is notified when the receiver of a signal has taken it, or was busy for too long. On the receiver's loop. */
    @FunctionalInterface
    public interface Answer {

        /** Answers once whether the signal was taken. */
        void answered(boolean isTaken);
    }

    SignalInbox(FrameReceiver session) {
        this.session = session;
    }

    /**
     * Reserves room for a signal, for {@link #post}; false if the session is busy. Safe from any thread.
     *
     * @param length of the frame
     */
    public boolean reserve(int length) {
        int most = session.queueBytes() / 2;
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

    /**
     * Sends a signal for which room was reserved. Consumes one reference. On the sender's loop.
     *
     * @param sender null for a back end
     * @param origin is notified if the signal is not delivered
     */
    public void post(Frame frame, @Nullable SignalSource sender, @Nullable SignalOrigin origin) {
        int length = frame.length();
        if (sender != null) {
            sender.spend(length);
        }
        try {
            session.loop().post(() -> {
                if (sender != null) {
                    sender.giveBack(frame.length()); // no variable, which tasks keep
                }
                arrive(frame, sender, origin);
            });
        } catch (RuntimeException | Error e) { // no memory for the task: the caller does not acknowledge the signal
            if (sender != null) {
                sender.giveBack(length);
            }
            release(length);
            frame.release();
            throw e;
        }
    }

    /** Sends a signal once there is room for it. Consumes one reference. On the sender's loop. */
    public void request(Frame frame, SignalSource sender, @Nullable SignalOrigin origin, Answer answer) {
        int length = frame.length();
        sender.spend(length);
        session.loop()
                .post(() -> requested(frame, sender, origin, isTaken -> {
                    sender.giveBack(length);
                    answer.answered(isTaken);
                }));
    }

    /** Sends a signal, or queues it, or drops it if the session is busy. Leaves the caller its reference. */
    public void offer(Frame frame, @Nullable SignalSource sender, @Nullable SignalOrigin origin) {
        if (isHeld(frame, sender, origin, 0)) {
            reserveAnyway(frame.length());
            frame.retain();
        } else if (isOpen()) {
            session.pass(frame.retain(), origin);
        } else {
            int length = frame.length();
            reserveAnyway(length);
            backlog().add(key(sender), new SendQueue.Waiting(frame.retain(), origin), false);
            drain();
        }
    }

    /** Returns whether nothing waits and the connection takes more. */
    private boolean isOpen() {
        return backlog == null && session.connection().isWritable();
    }

    boolean hasBacklog() {
        return backlog != null;
    }

    // Offers of peers that wait until the client has made its own.

    /** The client is about to be sent this. */
    void announce(SessionEvent event) {
        if (offers == null && OfferHold.isNeeded(event)) {
            offers = new OfferHold(this, session.holding());
        }
        if (offers != null) {
            offers.announce(event);
        }
    }

    void signalSent(String to, int signalBytes) {
        if (offers != null) {
            offers.sent(to, signalBytes);
        }
    }

    void releaseOffers() {
        if (offers != null) {
            offers.releaseAll();
        }
    }

    /** Ends the hold: signals are delivered at once. */
    void endHold() {
        offers = null;
    }

    /** Sends a signal that waited, or queues it. Consumes one reference, and the reserved room. */
    void released(SendQueue.Waiting signal, SignalSource sender) {
        arriveNow(signal.frame(), sender, signal.origin());
    }

    private boolean isHeld(
            Frame frame, @Nullable SignalSource sender, @Nullable SignalOrigin origin, int metadataBytes) {
        return offers != null
                && sender != null
                && offers.holds(new SendQueue.Waiting(frame, origin), sender, frame.length() - metadataBytes);
    }

    // What waits.

    /** Lets changes of a roster wait; false if there is no memory for them, and then no presence waits any more. */
    boolean delayPresence(
            RoomMembership membership, Function<RoomMembership, DelayedPresence> made, SessionEvent.Changed changed) {
        return backlog().delay(membership, made, changed);
    }

    /** Removes and returns the presence of a membership that waits; null if none does. */
    @Nullable
    DelayedPresence takePresence(RoomMembership membership) {
        return backlog == null ? null : backlog.takePresence(membership);
    }

    /** Drops a signal, and notifies its origin if it can be. Consumes one reference. */
    void drop(SendQueue.Waiting signal) {
        signal.frame().release();
        session.dropped(signal.origin());
    }

    void reserveAnyway(int length) {
        PENDING.addAndGet(this, weight(length));
    }

    void release(int length) {
        PENDING.addAndGet(this, -weight(length));
    }

    /** What a signal of this length counts for among those that wait, see {@link SendQueue}. */
    private int weight(int length) {
        return Math.max(length, session.leastWeight());
    }

    /** Sends what the client takes now, and the rest when it takes more. */
    void drain() {
        ReceiverBacklog waiting = backlog;
        if (waiting == null) {
            return;
        }
        if (session.connection().isWritable()) {
            waiting.drain();
        }
        if (waiting.isEmpty()) {
            backlog = null;
        }
    }

    FrameReceiver session() {
        return session;
    }

    /** The session is over: signals that wait are dropped, or reported to their senders. */
    void end() {
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

    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    private void arrive(Frame frame, @Nullable SignalSource sender, @Nullable SignalOrigin origin) {
        try {
            if (isHeld(frame, sender, origin, metadataBytes(sender))) {
                return;
            }
        } catch (RuntimeException | Error e) { // no memory for the timer
            release(frame.length());
            frame.release();
            session.failDelivery(origin, e);
            return;
        }
        arriveNow(frame, sender, origin);
    }

    private void arriveNow(Frame frame, @Nullable SignalSource sender, @Nullable SignalOrigin origin) {
        if (isOpen()) {
            release(frame.length());
            session.passOrFail(frame, origin);
        } else {
            backlog().add(key(sender), new SendQueue.Waiting(frame, origin), true);
            drain();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    private void requested(Frame frame, SignalSource sender, @Nullable SignalOrigin origin, Answer answer) {
        boolean isHeld;
        try {
            isHeld = isHeld(frame, sender, origin, metadataBytes(sender));
        } catch (RuntimeException | Error e) { // no memory for the timer
            frame.release();
            session.failDelivery(origin, e);
            answer.answered(false);
            return;
        }
        if (isHeld) {
            reserveAnyway(frame.length());
            answer.answered(true);
        } else if (isOpen()) {
            boolean isTaken = session.passOrFail(frame, origin);
            answer.answered(isTaken);
        } else {
            backlog().request(key(sender), new SendQueue.Waiting(frame, origin), answer);
            drain();
        }
    }

    private ReceiverBacklog backlog() {
        if (backlog == null) {
            WaitingPresence presence = new WaitingPresence(session.terms().connections(), session.group());
            backlog =
                    new ReceiverBacklog(this, session.holding(), presence, session.queueBytes(), session.leastWeight());
            drainLater();
        }
        return backlog;
    }

    private void drainLater() {
        if (!isDrainDue) {
            isDrainDue = true;
            session.connection().whenWritable(this::writable);
        }
    }

    private void writable() {
        isDrainDue = false;
        drain();
        if (backlog != null) {
            drainLater();
        }
    }

    /** What the sender's metadata adds to a signal for one peer, about. */
    private static int metadataBytes(@Nullable SignalSource sender) {
        String metadata = sender == null ? null : sender.peer().metadata();
        return metadata == null ? 0 : metadata.length();
    }

    private static SignalSender key(@Nullable SignalSource sender) {
        return sender == null
                ? new SignalSender(BACK_ENDS, "")
                : new SignalSender(sender.group(), sender.peer().id());
    }
}
