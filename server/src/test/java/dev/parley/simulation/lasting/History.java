// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What every client sent and received, and whether that can be: nothing that was never said, nothing twice, in order
 * from each sender to each receiver, and whatever was acknowledged has arrived or its sender knows that it may not
 * have.
 */
final class History {

    private final List<Signal> signals = new ArrayList<>();
    private final Map<Life, Map<Life, Long>> latest = new HashMap<>();

    /** One session, as its client sees it. */
    static final class Life {
        final String peer;

        /** The client knows that it is over, and that what it said may be lost. */
        boolean isOver;

        /** How often it gave the channel up. */
        int givenUp;

        final Map<Long, Signal> said = new HashMap<>();
        final Set<Signal> heard = new HashSet<>();
        final List<Span> undelivered = new ArrayList<>();

        Life(String peer) {
            this.peer = peer;
        }
    }

    /** Requests that may not have arrived. */
    record Span(String to, long from, long through) {

        boolean covers(String peer, long sequence) {
            return to.equals(peer) && from <= sequence && sequence <= through;
        }
    }

    /** Something for one peer, or for whoever hears a channel. */
    static final class Signal {
        final int number;
        final Life from;
        final long sequence;

        /** A peer; null if it went to a channel. */
        final String to;

        /** The clients with an acknowledged subscription when it was sent, and how often each had given one up. */
        final Map<Life, Integer> audience;

        boolean isAcknowledged;
        boolean isHeard;

        Signal(int number, Life from, long sequence, String to, Map<Life, Integer> audience) {
            this.number = number;
            this.from = from;
            this.sequence = sequence;
            this.to = to;
            this.audience = audience;
        }

        @Override
        public String toString() {
            return "signal " + number + " of " + from.peer + " with seq " + sequence
                    + (to == null ? " to the channel" : " to " + to);
        }
    }

    Signal say(Life from, long sequence, String to, Set<Life> hearers) {
        Map<Life, Integer> audience = new HashMap<>();
        hearers.forEach(it -> audience.put(it, it.givenUp));
        Signal signal = new Signal(signals.size(), from, sequence, to, audience);
        signals.add(signal);
        from.said.put(sequence, signal);
        return signal;
    }

    void acknowledge(Life of, long sequence) {
        Signal signal = of.said.get(sequence);
        if (signal != null) {
            signal.isAcknowledged = true;
        }
    }

    void receive(Life by, int number, String from) {
        if (number >= signals.size()) {
            throw new AssertionError(by.peer + " heard what nobody said: " + number);
        }
        Signal signal = signals.get(number);
        if (!signal.from.peer.equals(from) || (signal.to != null && !signal.to.equals(by.peer))) {
            throw new AssertionError(by.peer + " heard from " + from + " what it could not: " + signal);
        }
        if (!by.heard.add(signal)) {
            throw new AssertionError(by.peer + " heard twice: " + signal);
        }
        long before = latest.computeIfAbsent(by, it -> new HashMap<>()).getOrDefault(signal.from, 0L);
        if (before > signal.sequence) {
            throw new AssertionError(by.peer + " heard after " + before + ": " + signal);
        }
        latest.get(by).put(signal.from, signal.sequence);
        signal.isHeard = true;
    }

    void undelivered(Life to, Span span) {
        to.undelivered.add(span);
        boolean saysSomething =
                to.said.values().stream().anyMatch(it -> span.covers(it.to == null ? span.to : it.to, it.sequence));
        if (!saysSomething) {
            throw new AssertionError(to.peer + " got an empty undelivered: " + span);
        }
    }

    /** Another tab of the peer has heard it too, or instead. */
    void hearInOtherTab(int number) {
        signals.get(number).isHeard = true;
    }

    /**
     * When all is quiet.
     *
     * @param plain peers that had connections of plain v1, which may have received their signals and lost them
     */
    void check(Set<String> plain) {
        for (Signal signal : signals) {
            if (signal.isAcknowledged && !signal.from.isOver) {
                check(signal, plain.contains(signal.to));
            }
        }
    }

    private static void check(Signal signal, boolean isBestEffort) {
        if (signal.to != null && !isBestEffort && !signal.isHeard && !isTold(signal, signal.to)) {
            throw new AssertionError("acknowledged, not received, and not reported: " + signal);
        }
        for (Life life : signal.audience.keySet()) {
            boolean isMeant =
                    signal.audience.get(life) == life.givenUp && !life.isOver; // else it may have been too late
            if (isMeant && !life.heard.contains(signal) && !isTold(signal, life.peer)) {
                throw new AssertionError(
                        "acknowledged, not received by " + life.peer + ", and not reported: " + signal);
            }
        }
    }

    private static boolean isTold(Signal signal, String peer) {
        return signal.from.undelivered.stream().anyMatch(it -> it.covers(peer, signal.sequence));
    }
}
