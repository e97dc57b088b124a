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
 * it applies its own, or before it gathers addresses for it, may never connect. See docs/decisions/0010 and 0029.
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

    /** Bytes that may wait for one receiver. Beyond that, the signals of the peer with the most bytes are released. */
    static final int MAX_BYTES = 64 << 10;

    /** The newest count: a peer that enters and leaves again and again makes any number. */
    private static final int MAX_RECENT = 4096;

    /** How long after an introduction a receiver that has sent the peer nothing is waited for, in nanoseconds. */
    private static final long SILENT_NANOS = Duration.ofMillis(200).toNanos();

    /**
     * A receiver that was there before the peer is waited for this many times as long as the peer's offer took after
     * the introduction: on a busy machine both take long.
     */
    private static final int PATIENCE = 5;

    /** How long a receiver that sends no offer is waited for after its introduction, at most, in nanoseconds. */
    private static final long MAX_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long after its offer a receiver is waited for that has sent nothing behind it, in nanoseconds. */
    private static final long GATHERING_NANOS = Duration.ofMillis(200).toNanos();

    private final SignalInbox receiver;
    private final Loop loop;
    private final HeldMessages holding;

    /** Recent introductions, the oldest first. */
    private final Deque<Introduction> introductions = new ArrayDeque<>();

    /** The newest introduction of a peer, by its id. */
    private final Map<String, Introduction> byPeer = new HashMap<>();

    /** What has happened since the introduction of a peer, by its id; most peers have no entry. */
    private final Map<String, Pair> pairs = new HashMap<>(4);

    private int bytes;
    private boolean isEnded;

    /** Null while none is set. */
    private @Nullable LoopTimer timer;

    /** When the timer ends. */
    private long timerAt;

    /** Peers of which the receiver has learned at one moment. Compared by identity. */
    private static final class Introduction {

        private final List<PeerIdentity> introduced;

        /** Whether the receiver was there before the peers, and they were announced to it. */
        private final boolean isAnnouncement;

        private final long at;

        private Introduction(List<PeerIdentity> introduced, boolean isAnnouncement, long at) {
            this.introduced = introduced;
            this.isAnnouncement = isAnnouncement;
            this.at = at;
        }
    }

    private record Held(SendQueue.Waiting signal, SignalSource sender) {}

    /** The receiver and a peer it was introduced to. */
    private static final class Pair {

        private final long introducedAt;
        private final boolean isAnnounced;

        /** Until when the receiver is waited for. */
        private long until;

        private boolean hasOffered;
        private boolean hasPeerOffered;

        /** No offer of the peer waits any more. */
        private boolean isOver;

        private final Queue<Held> waiting = new ArrayDeque<>(0);

        /** The length of all waiting signals. */
        private int bytes;

        private Pair(Introduction introduction) {
            this.introducedAt = introduction.at;
            this.isAnnounced = introduction.isAnnouncement;
            this.until = introducedAt + SILENT_NANOS;
        }

        /** Notes an offer of the peer. Its first one says how fast that peer is. */
        private void offerArrived(long now) {
            if (isAnnounced && !hasOffered && !hasPeerOffered) {
                long patience = Math.min(PATIENCE * (now - introducedAt), MAX_NANOS);
                until = Math.max(until, introducedAt + patience);
            }
            hasPeerOffered = true;
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
        if (event instanceof SessionEvent.Changed changed) {
            for (PeerIdentity leaver : changed.left()) {
                Pair pair = pairs.get(leaver.id());
                if (pair != null) {
                    release(pair);
                }
            }
        } else {
            releaseAll(); // peers that are not in the roster any more may be among those whose offers wait
        }
        introduce(introduced(event), event instanceof SessionEvent.Changed);
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
            pair.until = pair.introducedAt + MAX_NANOS;
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
        if (!makeRoom(pair, size)) {
            pair.isOver = true;
            release(pair);
            return false;
        }
        setTimer(pair.until); // first: without it the signal might never be released
        pair.waiting.add(new Held(signal, sender));
        pair.bytes += size;
        bytes += size;
        holding.add(signal.frame());
        return true;
    }

    /** Releases signals of peers that have more bytes here than this one, until there is room. False without room. */
    private boolean makeRoom(Pair pair, int size) {
        while (bytes + size > MAX_BYTES) {
            Pair largest = largest();
            if (largest == null || largest.bytes <= pair.bytes + size) {
                return false;
            }
            largest.isOver = true;
            release(largest);
        }
        return holding.mayHold(size);
    }

    private @Nullable Pair largest() {
        Pair largest = null;
        for (Pair pair : pairs.values()) {
            if (largest == null || pair.bytes > largest.bytes) {
                largest = pair;
            }
        }
        return largest;
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
        if (!isOffer || pair.isOver) {
            return false;
        }
        long now = loop.now();
        pair.offerArrived(now);
        return now < pair.until;
    }

    /** Null if the peer was not introduced recently. */
    private @Nullable Pair pair(String id) {
        Pair known = pairs.get(id);
        if (known != null) {
            return known;
        }
        Introduction introduction = byPeer.get(id);
        if (introduction == null) {
            return null;
        }
        Pair pair = new Pair(introduction);
        pairs.put(id, pair);
        return pair;
    }

    private void introduce(List<PeerIdentity> introduced, boolean isAnnouncement) {
        for (PeerIdentity peer : introduced) {
            Pair earlier = pairs.remove(peer.id());
            if (earlier != null) {
                release(earlier);
            }
        }
        if (!isNeeded(introduced)) {
            return;
        }
        while (introductions.size() == MAX_RECENT || byPeer.size() + introduced.size() > MAX_RECENT) {
            forgetOldest();
        }
        Introduction introduction = new Introduction(introduced, isAnnouncement, loop.now());
        introductions.add(introduction);
        for (PeerIdentity peer : introduced) {
            byPeer.put(peer.id(), introduction);
        }
        setTimer(introductions.getFirst().at + MAX_NANOS);
    }

    private void forgetOldest() {
        Introduction oldest = introductions.removeFirst();
        for (PeerIdentity peer : oldest.introduced) {
            byPeer.remove(peer.id(), oldest);
        }
    }

    private void release(Pair pair) {
        for (Held held = poll(pair); held != null; held = poll(pair)) {
            receiver.released(held.signal, held.sender);
        }
    }

    private @Nullable Held poll(Pair pair) {
        Held held = pair.waiting.poll();
        if (held != null) {
            pair.bytes -= held.signal.frame().length();
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
        pairs.values().removeIf(pair -> pair.waiting.isEmpty() && pair.introducedAt + MAX_NANOS <= now);
        while (!introductions.isEmpty() && introductions.getFirst().at + MAX_NANOS <= now) {
            forgetOldest();
        }
        if (introductions.isEmpty() && pairs.isEmpty()) {
            receiver.endHold();
        } else {
            setTimer(next(now));
        }
    }

    /** When the waiting of a peer ends next, or the oldest introduction, or the oldest pair. */
    private long next(long now) {
        long at = introductions.isEmpty() ? now + SILENT_NANOS : introductions.getFirst().at + MAX_NANOS;
        for (Pair pair : pairs.values()) {
            if (!pair.waiting.isEmpty()) {
                at = Math.min(at, pair.until);
            }
        }
        return at;
    }
}
