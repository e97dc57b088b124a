// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals that wait for one receiver, which takes them more slowly than they arrive. Each sender has a flow of its own, in
 * order; flows take turns, so that a sender who says little does not wait behind one who says much, and no sender fills the
 * queue. Senders of one group (key and address) share the turns of one sender where there are several groups.
 *
 * <p>Weighted fair queueing (Demers, Keshav and Shenker, 1989): of the signals that are next in their flows, that one is sent
 * which would be through first if all flows were sent at once, byte by byte. So a small signal waits behind one large one at
 * most.
 *
 * <p>For the receiver's loop.
 */
final class SendQueue {

    private final int capacity;
    private final int leastWeight;
    private final Map<Object, Group> groups = new HashMap<>(4);
    private final Turns<Group> turns = new Turns<>();

    /** The weight of all frames that wait. */
    private int bytes;

    private int count;

    /**
     * One signal that waits.
     *
     * @param origin is notified if the signal is not delivered; null if nobody is
     */
    record Waiting(Frame frame, @Nullable Origin origin) {}

    /**
     * An empty one.
     *
     * @param capacity bytes of frames, see {@link Frame#length}; one frame always fits into an empty queue
     * @param leastWeight bytes that a frame counts for at least, so that shares of the capacity are also shares of the number of
     *     frames, where that is limited
     */
    SendQueue(int capacity, int leastWeight) {
        this.capacity = capacity;
        this.leastWeight = leastWeight;
    }

    private int weight(int length) {
        return Math.max(length, leastWeight);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** How many signals wait. */
    int count() {
        return count;
    }

    /**
     * Whether a signal of this sender may be added: there is room, and above half of the capacity only for a sender that
     * holds less than its equal share. A part is always left for one that holds nothing yet.
     */
    boolean fits(Sender sender, int length) {
        int more = bytes + weight(length);
        return count == 0 || more <= capacity / 2 || (more <= capacity && isWithinShare(sender, weight(length)));
    }

    /** Adds a signal behind the others of its sender, whether it fits or not. Keeps the caller's reference of the frame. */
    void add(Sender sender, Waiting signal) {
        int weight = weight(signal.frame().length());
        Group group = groups.get(sender.group());
        if (group == null) {
            group = new Group(sender.group());
            groups.put(sender.group(), group);
            group.add(sender, signal, weight);
            turns.begin(group);
        } else if (group.add(sender, signal, weight)) {
            turns.review(group);
        }
        bytes += weight;
        count++;
    }

    /**
     * Makes room for a signal of this sender, who holds less than its share, at the cost of the group that holds most, and in it
     * of the sender that does: its latest signals are removed. False, and nothing more is removed, if the group of this sender,
     * or in the same group this sender, would hold as much.
     *
     * @param removed receives what is removed, with its reference
     */
    boolean makeRoom(Sender sender, int length, Consumer<Waiting> removed) {
        int weight = weight(length);
        while (bytes + weight > capacity) {
            Group most = largestGroup();
            if (most == null || !isLarger(most, sender, weight)) {
                return false;
            }
            removed.accept(removeLast(most, most.largest()));
        }
        return true;
    }

    /** Whether a group would still hold more than a sender with one signal more, or its largest sender if it is their group. */
    private boolean isLarger(Group group, Sender sender, int weight) {
        if (!group.key.equals(sender.group())) {
            Group own = groups.get(sender.group());
            return (own == null ? 0 : own.bytes) + weight < group.bytes;
        }
        Flow largest = group.largest();
        return !largest.sender.equals(sender) && held(sender) + weight < largest.bytes;
    }

    /** Removes the signal whose turn it is; null if none waits. The caller owns its reference. */
    @Nullable
    Waiting poll() {
        if (count == 0) {
            return null;
        }
        Group group = turns.first();
        Flow flow = group.turns.first();
        int length = flow.next();
        turns.served(group, length);
        group.turns.served(flow, length);
        Waiting signal = flow.signals.removeFirst();
        count(group, flow, signal);
        if (!flow.signals.isEmpty()) {
            group.turns.goOn(flow);
        } else {
            group.flows.remove(flow.sender);
        }
        if (!group.flows.isEmpty()) {
            turns.goOn(group);
        } else {
            groups.remove(group.key);
        }
        return signal;
    }

    /** Removes all signals. */
    void clear(Consumer<Waiting> removed) {
        for (Waiting signal = poll(); signal != null; signal = poll()) {
            removed.accept(signal);
        }
    }

    private boolean isWithinShare(Sender sender, int weight) {
        Group group = groups.get(sender.group());
        int sharing = group == null ? 1 : group.flows.size() + (group.flows.containsKey(sender) ? 0 : 1);
        int shares = (groups.size() + (group == null ? 2 : 1)) * sharing; // one is for a group that holds nothing yet
        int held = held(sender);
        return held == 0 || held + weight <= capacity / shares;
    }

    private int held(Sender sender) {
        Group group = groups.get(sender.group());
        Flow flow = group == null ? null : group.flows.get(sender);
        return flow == null ? 0 : flow.bytes;
    }

    private @Nullable Group largestGroup() {
        Group most = null;
        for (Group group : groups.values()) {
            most = most == null || group.bytes > most.bytes ? group : most;
        }
        return most;
    }

    private Waiting removeLast(Group group, Flow flow) {
        Waiting signal = flow.signals.removeLast();
        count(group, flow, signal);
        if (flow.signals.isEmpty()) {
            group.turns.end(flow);
            group.flows.remove(flow.sender);
        }
        if (group.flows.isEmpty()) {
            turns.end(group);
            groups.remove(group.key);
        } else {
            turns.review(group);
        }
        return signal;
    }

    /** The signal waits no longer. */
    private void count(Group group, Flow flow, Waiting signal) {
        int weight = weight(signal.frame().length());
        bytes -= weight;
        count--;
        group.bytes -= weight;
        flow.bytes -= weight;
    }

    /** What takes turns. */
    private abstract static class Turn {

        /** When its next signal begins to be sent, on the clock of its {@link Turns}. */
        long start;

        /** When its next signal is through. Does not change while it waits. */
        long end;

        /** Of two that are through at one time, the one that began first is first. */
        long order;

        /** The length of its next signal. */
        abstract int next();
    }

    /** Who is next. The clock counts the bytes that each of those who wait would have been sent. */
    private static final class Turns<T extends Turn> {

        private final SortedSet<T> waiting =
                new TreeSet<>(Comparator.<Turn>comparingLong(it -> it.end).thenComparingLong(it -> it.order));
        private long now;
        private long begun;

        void begin(T it) {
            it.start = now;
            it.order = begun++;
            goOn(it);
        }

        void goOn(T it) {
            it.end = it.start + it.next();
            waiting.add(it);
        }

        T first() {
            return waiting.first();
        }

        /** The first one is sent a signal of this length, and waits no longer. */
        void served(T it, int length) {
            now = Math.max(now + length / waiting.size(), it.start);
            waiting.remove(it);
            it.start += length;
        }

        /** What is next of it may have changed. */
        void review(T it) {
            waiting.remove(it);
            goOn(it);
        }

        void end(T it) {
            waiting.remove(it);
        }
    }

    /** The senders of one key and address. */
    private static final class Group extends Turn {

        private final Object key;
        private final Map<Sender, Flow> flows = new HashMap<>(4);
        private final Turns<Flow> turns = new Turns<>();
        private int bytes;

        Group(Object key) {
            this.key = key;
        }

        /** Returns whether another signal is next now. */
        boolean add(Sender sender, Waiting signal, int weight) {
            bytes += weight;
            Flow known = flows.get(sender);
            if (known != null) {
                known.add(signal, weight);
                return false;
            }
            Flow flow = new Flow(sender);
            flow.add(signal, weight);
            flows.put(sender, flow);
            turns.begin(flow);
            return turns.first() == flow;
        }

        @Override
        int next() {
            return turns.first().next();
        }

        /** The flow that holds most; there is one as long as there is the group. */
        Flow largest() {
            Flow largest = turns.first();
            for (Flow flow : flows.values()) {
                largest = flow.bytes > largest.bytes ? flow : largest;
            }
            return largest;
        }
    }

    /** The signals of one sender, in order. */
    private static final class Flow extends Turn {

        private final Sender sender;
        private final Deque<Waiting> signals = new ArrayDeque<>(4);
        private int bytes;

        Flow(Sender sender) {
            this.sender = sender;
        }

        void add(Waiting signal, int weight) {
            signals.addLast(signal);
            bytes += weight;
        }

        @Override
        int next() {
            return signals.getFirst().frame().length();
        }
    }
}
