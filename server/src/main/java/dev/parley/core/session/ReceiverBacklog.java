// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.SessionEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Presence and signals that wait for one receiver, and senders that wait for room among them. There is one while the
 * receiver takes less than arrives. Presence goes first: a client ignores signals of a peer that was not announced to
 * it of. On the receiver's loop.
 */
final class ReceiverBacklog {

    /** How long a sender waits for room. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SignalInbox receiver;
    private final HeldMessages holding;
    private final SendQueue queue;
    private final WaitingPresence presence;
    private final Deque<Request> requests = new ArrayDeque<>(1);

    /** A signal whose sender waits for room. */
    private static final class Request {
        final SignalSender sender;
        final SendQueue.Waiting signal;
        final SignalInbox.Answer answer;

        @Nullable
        LoopTimer patience;

        Request(SignalSender sender, SendQueue.Waiting signal, SignalInbox.Answer answer) {
            this.sender = sender;
            this.signal = signal;
            this.answer = answer;
        }
    }

    ReceiverBacklog(
            SignalInbox receiver, HeldMessages holding, WaitingPresence presence, int capacity, int leastWeight) {
        this.receiver = receiver;
        this.holding = holding;
        this.presence = presence;
        this.queue = new SendQueue(capacity, leastWeight);
    }

    boolean isEmpty() {
        return queue.isEmpty() && requests.isEmpty() && presence.isEmpty();
    }

    /** Lets changes of a roster wait; false if there is no memory for them, and then no presence waits any more. */
    boolean delay(
            RoomMembership membership, Function<RoomMembership, DelayedPresence> made, SessionEvent.Changed changed) {
        return presence.add(membership, made, changed);
    }

    /** Removes and returns the presence of a membership that waits; null if none does. */
    @Nullable
    DelayedPresence takePresence(RoomMembership membership) {
        return presence.take(membership);
    }

    /**
     * Adds a signal, at the cost of a sender that holds more than its share if there is no room; or drops it. Consumes
     * one reference of the frame.
     *
     * @param isReserved whether the receiver's room for it was reserved before
     */
    void add(SignalSender sender, SendQueue.Waiting signal, boolean isReserved) {
        admitEarlier(sender);
        int length = signal.frame().length();
        boolean hasRoom = isReserved || queue.fits(sender, length) || queue.makeRoom(sender, length, this::drop);
        if (hasRoom && mayHold(length)) {
            enqueue(sender, signal);
        } else {
            receiver.release(length);
            receiver.drop(signal);
        }
    }

    /** Adds a signal as soon as there is room, and answers; or answers that there was none in time. */
    void request(SignalSender sender, SendQueue.Waiting signal, SignalInbox.Answer answer) {
        Request request = new Request(sender, signal, answer);
        boolean isFirst = requests.stream().noneMatch(earlier -> earlier.sender.equals(sender));
        if (isFirst && isAdmitted(request)) {
            return;
        }
        request.patience = receiver.session().loop().schedule(PATIENCE, () -> expire(request));
        requests.addLast(request);
    }

    /**
     * Sends the waiting frames, as long as the receiver takes them, and admits requests to the room that makes. Signals
     * get as many bytes as presence, which would else leave them nothing where peers come and go all the time.
     */
    void drain() {
        int owed = presence.send();
        while (owed > 0 || receiver.session().connection().isWritable()) {
            SendQueue.Waiting signal = queue.poll();
            Request request = signal == null ? requests.pollFirst() : null;
            if (signal != null) {
                owed -= signal.frame().length();
                leave(signal);
                receiver.session().passOrFail(signal.frame(), signal.origin());
            } else if (request != null) {
                owed -= request.signal.frame().length();
                pass(request);
            } else {
                return;
            }
        }
        requests.removeIf(this::isAdmitted);
    }

    private void pass(Request request) {
        cancelPatience(request);
        boolean isPassed = receiver.session().passOrFail(request.signal.frame(), request.signal.origin());
        request.answer.answered(isPassed);
    }

    /** The receiver is gone: nothing that waits will be sent. */
    void end() {
        presence.end();
        queue.clear(this::drop);
        for (Request request : requests) {
            refuse(request);
        }
        requests.clear();
    }

    private boolean mayHold(int length) {
        return holding.mayHold(length) && receiver.session().mayQueue(queue.count());
    }

    private void enqueue(SignalSender sender, SendQueue.Waiting signal) {
        holding.add(signal.frame());
        queue.add(sender, signal);
    }

    private void drop(SendQueue.Waiting signal) {
        leave(signal);
        receiver.drop(signal);
    }

    private void leave(SendQueue.Waiting signal) {
        holding.remove(signal.frame());
        receiver.release(signal.frame().length());
    }

    /** Signals of one sender stay in order: those that wait for room go before later ones. */
    private void admitEarlier(SignalSender sender) {
        for (Iterator<Request> all = requests.iterator(); all.hasNext(); ) {
            Request request = all.next();
            if (request.sender.equals(sender)) {
                all.remove();
                admit(request);
            }
        }
    }

    private boolean isAdmitted(Request request) {
        int length = request.signal.frame().length();
        boolean hasRoom = queue.fits(request.sender, length) && mayHold(length);
        if (hasRoom) {
            admit(request);
        }
        return hasRoom;
    }

    private void admit(Request request) {
        cancelPatience(request);
        receiver.reserveAnyway(request.signal.frame().length());
        enqueue(request.sender, request.signal);
        request.answer.answered(true);
    }

    private void expire(Request request) {
        if (requests.remove(request)) {
            refuse(request);
            receiver.drain();
        }
    }

    private static void refuse(Request request) {
        cancelPatience(request);
        request.signal.frame().release();
        request.answer.answered(false);
    }

    private static void cancelPatience(Request request) {
        if (request.patience != null) {
            request.patience.cancel();
        }
    }
}
