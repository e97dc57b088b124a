// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Peer;
import dev.parley.core.port.Timer;
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
 * sent a signal behind it. Both sides of an introduction may offer at once, and a browser that receives an offer while it
 * applies its own, or before it gathers addresses for it, may never connect. See docs/decisions/0010.
 *
 * <p>Only what the offering peer sends from its offer on waits; all else passes. For the receiver's loop.
 */
final class OfferHold {

    /** Signals of this size are taken for offers: what clients send ahead of an offer is smaller. */
    static final int OFFER_BYTES = 512;

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

    private final Loop loop;
    private final Output output;

    /** The recent ones, the oldest first. */
    private final Deque<Introduction> introductions = new ArrayDeque<>();

    /** By peer id, what has happened since its introduction; nothing for most. */
    private final Map<String, Pair> pairs = new HashMap<>(4);

    private int bytes;
    private @Nullable Timer timer;

    /** Where the frames go. */
    interface Output {

        /** Sends a frame, of which it consumes one reference. Does not throw. */
        void send(Frame frame);

        /** No introduction is recent and nothing waits: this hold is not needed any more. */
        void ended();
    }

    private record Introduction(List<Peer> introduced, long at) {

        boolean names(String id) {
            for (int i = 0; i < introduced.size(); i++) {
                if (introduced.get(i).id().equals(id)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The receiver and a peer it was introduced to. */
    private static final class Pair {

        private final long introducedAt;

        /** Until when the receiver is waited for. */
        private long until;

        private boolean hasOffered;

        /** No offer of the peer waits any more. */
        private boolean isOver;

        private final Queue<Frame> waiting = new ArrayDeque<>(0);

        private Pair(long introducedAt) {
            this.introducedAt = introducedAt;
            this.until = introducedAt + SILENT_NANOS;
        }
    }

    OfferHold(Loop loop, Output output) {
        this.loop = loop;
        this.output = output;
    }

    /** Whether offers may have to wait after a frame that introduces these peers. */
    static boolean isNeeded(List<Peer> introduced) {
        return !introduced.isEmpty() && introduced.size() <= MAX_INTRODUCED;
    }

    /** Sends the frame, or has it wait; consumes one reference. */
    void pass(Frame frame) {
        Peer sender = frame.sender();
        if (sender != null) {
            passSignal(frame, sender.id());
            return;
        }
        List<Peer> introduced = frame.introduced();
        if (introduced.isEmpty() || frame.isRoster()) {
            releaseAll(); // a peer whose offer waits may be the one that leaves, or is not there any more
        }
        introduce(introduced);
        output.send(frame);
    }

    /** The receiver sends this peer a signal. */
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
            setTimer();
        }
    }

    /** Sends everything that waits. */
    void releaseAll() {
        pairs.values().forEach(this::release);
    }

    private void passSignal(Frame frame, String sender) {
        Pair pair = frame.signalBytes() >= OFFER_BYTES ? pair(sender) : pairs.get(sender);
        if (pair == null || !isToWait(pair, frame)) {
            output.send(frame);
            return;
        }
        pair.waiting.add(frame);
        bytes += frame.length();
        if (bytes > MAX_BYTES) {
            pair.isOver = true;
            releaseAll();
        } else if (pair.waiting.size() == 1) {
            setTimer();
        }
    }

    private boolean isToWait(Pair pair, Frame frame) {
        if (!pair.waiting.isEmpty()) {
            return true; // behind its offer
        }
        return frame.signalBytes() >= OFFER_BYTES && !pair.isOver && loop.now() < pair.until;
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

    private void introduce(List<Peer> introduced) {
        for (Peer peer : introduced) {
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
        if (timer == null) {
            setTimer();
        }
    }

    private void release(Pair pair) {
        for (Frame frame = pair.waiting.poll(); frame != null; frame = pair.waiting.poll()) {
            bytes -= frame.length();
            output.send(frame);
        }
    }

    /** For what ends next: the waiting of a peer, or the oldest introduction. */
    private void setTimer() {
        if (timer != null) {
            timer.cancel();
        }
        long at = introductions.isEmpty() ? loop.now() : introductions.getFirst().at + SIGNALING_NANOS;
        for (Pair pair : pairs.values()) {
            if (!pair.waiting.isEmpty()) {
                at = Math.min(at, pair.until);
            }
        }
        timer = loop.schedule(Duration.ofNanos(Math.max(0, at - loop.now())), this::expire);
    }

    private void expire() {
        timer = null;
        long now = loop.now();
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
            output.ended();
        } else {
            setTimer();
        }
    }
}
