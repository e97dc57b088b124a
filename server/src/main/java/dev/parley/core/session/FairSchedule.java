// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Decides which of several flows is served next, so that each gets an equal share of the bytes.
 *
 * <p>Weighted fair queueing (Demers, Keshav and Shenker, 1989): every signal has a start and an end on a clock that
 * counts the bytes each flow is entitled to, and the signal with the earliest end is served first. So a small signal
 * waits behind one large one at most. The clock shows the earliest start of those that wait, as in WF2Q+ (Bennett and
 * Zhang, 1997): it never passes a flow that is entitled to more, so a flow that begins is never placed behind one that
 * is.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <F> the flows
 */
final class FairSchedule<F extends FairSchedule.Flow> {

    /** The most flows that are remembered after they were served. */
    private static final int REMEMBERED = 64;

    private final TreeSet<F> byEnd =
            new TreeSet<>(Comparator.<F>comparingLong(it -> it.end).thenComparingLong(it -> it.order));
    private final TreeSet<F> byStart =
            new TreeSet<>(Comparator.<F>comparingLong(it -> it.start).thenComparingLong(it -> it.order));

    /**
     * Ends of flows that wait no longer and were served more than the clock shows: one that returns goes on from there.
     */
    private final Map<Object, Long> served = new HashMap<>(4);

    private long clock;
    private long begun;

    /** Signals that are served in their order. */
    abstract static class Flow {

        /** When the service of its first signal begins, on the clock of the schedule. */
        long start;

        /** When it has been served. */
        long end;

        /** Decides between flows with the same end: the flow that began first is served first. */
        long order;

        /** Returns what identifies the flow, also after it has ended and begun again. */
        abstract Object key();

        /** Returns the length of its first signal, in bytes. */
        abstract int firstLength();
    }

    /** Adds a flow whose first signal waits. */
    void begin(F flow) {
        Long before = served.remove(flow.key());
        flow.start = before == null ? clock : Math.max(clock, before);
        flow.order = begun++;
        add(flow);
    }

    /** Returns the flow to serve next. There must be one. */
    F first() {
        return byEnd.first();
    }

    /** Takes a flow out whose first signal is being served. {@link #goOn} or {@link #end} must follow. */
    void serve(F flow) {
        remove(flow);
        flow.start = flow.end;
    }

    /** Puts a served flow back, as another signal of it waits. */
    void goOn(F flow) {
        add(flow);
        advance();
    }

    /** Takes a flow out, as no signal of it waits. */
    void end(F flow) {
        remove(flow);
        advance();
        if (flow.start > clock) {
            remember(flow);
        }
    }

    /** Takes all flows out. */
    void clear() {
        byEnd.clear();
        byStart.clear();
    }

    /** Adjusts a flow whose first signal may be another one now. */
    void review(F flow) {
        remove(flow);
        add(flow);
    }

    private void add(F flow) {
        flow.end = flow.start + flow.firstLength();
        byEnd.add(flow);
        byStart.add(flow);
    }

    private void remove(F flow) {
        byEnd.remove(flow);
        byStart.remove(flow);
    }

    private void advance() {
        if (!byStart.isEmpty()) {
            clock = Math.max(clock, byStart.first().start);
        }
    }

    private void remember(F flow) {
        if (served.size() >= REMEMBERED) {
            served.values().removeIf(end -> end <= clock);
        }
        if (served.size() >= REMEMBERED) {
            served.clear();
        }
        served.put(flow.key(), flow.start);
    }
}
