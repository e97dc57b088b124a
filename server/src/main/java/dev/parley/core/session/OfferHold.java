// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the offers of peers that a receiver has just been introduced to, until the receiver has made its own and
 * sent a signal behind it. Both sides of an introduction may offer at once, and a browser that receives an offer while
 * it applies its own, or before it gathers addresses for it, may never connect. See docs/decisions/0010.
 *
 * <p>Only what the offering peer sends from its offer on waits; all else passes. What waits keeps the room that is
 * reserved for it and counts in the memory of its app; released, it goes the way of signals that arrive. On the
 * receiver's loop.
 */
final class OfferHold {

    /** Signals of this size are taken for offers: what clients send ahead of an offer is smaller. */
    static final int OFFER_BYTES = 512;

    /** Frames of this length, metadata of the sender left out, are taken for offers: they hold more than the signal. */
    static final int OFFER_FRAME_BYTES = 640;

    /** Larger introductions are to crowds, which do not call each other. */
    static final int MAX_INTRODUCED = 256;

    /** What may wait for one receiver; more than that is released. */
    static final int MAX_BYTES = 64 << 10;

    /** The newest count: a peer that enters and leaves again and again makes any number. */
    private static final int MAX_INTRODUCTIONS = 64;

    /** How long after an introduction a receiver that has sent the peer nothing is waited for, in nanoseconds. */
    private static final long SILENT_NANOS = Duration.ofMillis(200).toNanos();

    /** How long after an introduction a receiver that has sent the peer a signal is waited for, in nanoseconds. */
    private static final long SIGNALING_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long after its offer a receiver is waited for that has sent nothing behind it, in nanoseconds. */
    private static final long GATHERING_NANOS = Duration.ofMillis(200).toNanos();

    private final SignalInbox receiver;
    private final Loop loop;
    private final HeldMessages holding;

    /** Recent introductions, the oldest first. */
    private final Deque<Introduction> introductions = new ArrayDeque<>();

    /** What has happened since the introduction of a peer, by its id; most peers have no entry. */
    private final Map<String, Pair> pairs = new HashMap<>(4);

    private int bytes;
    private boolean isEnded;

    /** Null while none is set. */
    private @Nullable LoopTimer timer;

    /** When the timer ends. */
    private long timerAt;

    private record Introduction(List<PeerIdentity> introduced, long at) {

        boolean names(String id) {
            for (int i = 0; i < introduced.size(); i++) {
                if (introduced.get(i).id().equals(id)) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Held(SendQueue.Waiting signal, SignalSource sender) {}

    /** The receiver and a peer it was introduced to. */
    private static final class Pair {

        private final long introducedAt;

        /** Until when the receiver is waited for. */
        private long until;

        private boolean hasOffered;

        /** No offer of the peer waits any more. */
        private boolean isOver;

        private final Queue<Held> waiting = new ArrayDeque<>(0);

        private Pair(long introducedAt) {
            this.introducedAt = introducedAt;
            this.until = introducedAt + SILENT_NANOS;
        }
    }

    /** @param holding counts the signals that wait here */
    OfferHold(SignalInbox receiver, HeldMessages holding) {
        this.receiver = receiver;
        this.loop = receiver.session().loop();
        this.holding = holding;
    }

    /** Whether offers may have to wait after this event. */
    static boolean isNeeded(SessionEvent event) {
        return isNeeded(introduced(event));
    }

    private static boolean isNeeded(List<PeerIdentity> introduced) {
        return !introduced.isEmpty() && introduced.size() <= MAX_INTRODUCED;
    }

    private static List<PeerIdentity> introduced(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Changed changed -> changed.joined();
            case SessionEvent.Roster roster -> roster.others();
            default -> List.of();
        };
    }

    /** The receiver is about to be sent this. */
    void announce(SessionEvent event) {
        boolean isOnlyArrival =
                event instanceof SessionEvent.Changed changed && changed.left().isEmpty();
        if (!isOnlyArrival) {
            releaseAll(); // a peer whose offer waits may be the one that leaves, or is not there any more
        }
        introduce(introduced(event));
    }

    /** Notes that the receiver sends this peer a signal. */
    void sent(String to, int signalBytes) {
        Pair pair = pair(to);
        if (pair == null || pair.isOver) {
            return;
        }
        if (pair.hasOffered) {
            pair.isOver = true;
            release(pair);
        } else if (signalBytes >= OFFER_BYTES) {
            pair.hasOffered = true;
            pair.until = loop.now() + GATHERING_NANOS;
        } else {
            pair.until = pair.introducedAt + SIGNALING_NANOS;
        }
        if (!pair.waiting.isEmpty()) {
            setTimer(pair.until);
        }
    }

    /**
     * Has a signal wait if it must; then true, and the caller's reference of the frame and the room reserved for it are
     * taken over. Nothing is taken over if this fails.
     *
     * @param length of the frame, metadata of the sender left out
     */
    boolean holds(SendQueue.Waiting signal, SignalSource sender, int length) {
        String id = sender.peer().id();
        boolean isOffer = length >= OFFER_FRAME_BYTES;
        Pair pair = isOffer ? pair(id) : pairs.get(id);
        if (pair == null || !isToWait(pair, isOffer)) {
            return false;
        }
        int size = signal.frame().length();
        if (bytes + size > MAX_BYTES || !holding.mayHold(size)) {
            pair.isOver = true;
            releaseAll();
            return false;
        }
        setTimer(pair.until); // first: without it the signal might never be released
        pair.waiting.add(new Held(signal, sender));
        bytes += size;
        holding.add(signal.frame());
        return true;
    }

    /** Sends everything that waits. */
    void releaseAll() {
        pairs.values().forEach(this::release);
    }

    /** The receiver is gone: nothing that waits will be sent. */
    void end() {
        isEnded = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        for (Pair pair : pairs.values()) {
            for (Held held = poll(pair); held != null; held = poll(pair)) {
                receiver.release(held.signal.frame().length());
                receiver.drop(held.signal);
            }
        }
    }

    private boolean isToWait(Pair pair, boolean isOffer) {
        if (!pair.waiting.isEmpty()) {
            return true; // behind its offer
        }
        return isOffer && !pair.isOver && loop.now() < pair.until;
    }

    /** Null if the peer was not introduced recently. */
    private @Nullable Pair pair(String id) {
        Pair known = pairs.get(id);
        if (known != null) {
            return known;
        }
        for (var it = introductions.descendingIterator(); it.hasNext(); ) {
            Introduction introduction = it.next();
            if (introduction.names(id)) {
                Pair pair = new Pair(introduction.at);
                pairs.put(id, pair);
                return pair;
            }
        }
        return null;
    }

    private void introduce(List<PeerIdentity> introduced) {
        for (PeerIdentity peer : introduced) {
            Pair earlier = pairs.remove(peer.id());
            if (earlier != null) {
                release(earlier);
            }
        }
        if (!isNeeded(introduced)) {
            return;
        }
        if (introductions.size() == MAX_INTRODUCTIONS) {
            introductions.removeFirst();
        }
        introductions.add(new Introduction(introduced, loop.now()));
        setTimer(introductions.getFirst().at + SIGNALING_NANOS);
    }

    private void release(Pair pair) {
        for (Held held = poll(pair); held != null; held = poll(pair)) {
            receiver.released(held.signal, held.sender);
        }
    }

    private @Nullable Held poll(Pair pair) {
        Held held = pair.waiting.poll();
        if (held != null) {
            bytes -= held.signal.frame().length();
            holding.remove(held.signal.frame());
        }
        return held;
    }

    /** Looks at what is over at this time at the latest. If it fails, the timer that was set remains. */
    private void setTimer(long at) {
        if (isEnded || (timer != null && timerAt <= at)) {
            return;
        }
        LoopTimer next = loop.schedule(Duration.ofNanos(Math.max(0, at - loop.now())), this::expire);
        if (timer != null) {
            timer.cancel();
        }
        timer = next;
        timerAt = at;
    }

    @SuppressWarnings("CatchingUnchecked") // an allocator without memory throws an error
    private void expire() {
        timer = null;
        try {
            releaseLate(loop.now());
        } catch (RuntimeException | Error e) { // no memory for the next timer, so nothing would release the signals
            receiver.session().failDelivery(null, e);
        }
    }

    private void releaseLate(long now) {
        for (Pair pair : pairs.values()) {
            if (pair.until <= now) {
                release(pair);
            }
        }
        pairs.values().removeIf(pair -> pair.waiting.isEmpty() && pair.introducedAt + SIGNALING_NANOS <= now);
        while (!introductions.isEmpty() && introductions.getFirst().at + SIGNALING_NANOS <= now) {
            introductions.removeFirst();
        }
        if (introductions.isEmpty() && pairs.isEmpty()) {
            receiver.endHold();
        } else {
            setTimer(next(now));
        }
    }

    /** When the waiting of a peer ends next, or the oldest introduction, or the oldest pair. */
    private long next(long now) {
        long at = introductions.isEmpty() ? now + SILENT_NANOS : introductions.getFirst().at + SIGNALING_NANOS;
        for (Pair pair : pairs.values()) {
            if (!pair.waiting.isEmpty()) {
                at = Math.min(at, pair.until);
            }
        }
        return at;
    }
}
