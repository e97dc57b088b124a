// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals that wait for one receiver, which takes them more slowly than they arrive. Each sender has a flow of its own, in
 * order; flows take turns, so that a sender who says little does not wait behind one who says much, and no sender fills the
 * queue. Senders of one group (key and address) share the turns of one sender where there are several groups. Deficit round
 * robin (Shreedhar and Varghese, 1995), where a flow that just began goes first (RFC 8290 section 4.1.2).
 *
 * <p>For the receiver's loop.
 */
final class SendQueue {

    /** Bytes a flow may send in one turn. */
    private static final int QUANTUM = 4 << 10;

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
        Group group = groups.get(sender.group());
        if (group == null) {
            group = new Group(sender.group());
            groups.put(sender.group(), group);
            turns.begin(group);
        }
        int weight = weight(signal.frame().length());
        group.add(sender, signal, weight);
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
            Flow largest = largerThan(sender, weight);
            if (largest == null) {
                return false;
            }
            removed.accept(removeLast(largest));
        }
        return true;
    }

    /** The flow at whose cost a signal of this weight may be added; null if there is none. */
    @SuppressWarnings("ReferenceEquality") // a group is nothing but itself
    private @Nullable Flow largerThan(Sender sender, int weight) {
        Group most = largestGroup();
        Group own = groups.get(sender.group());
        if (most == null || (most != own && held(own) + weight >= most.bytes)) {
            return null;
        }
        Flow largest = most.largest();
        boolean isLarger = most != own || (!largest.sender.equals(sender) && held(sender) + weight < largest.bytes);
        return isLarger ? largest : null;
    }

    /** Removes the signal whose turn it is; null if none waits. The caller owns its reference. */
    @Nullable
    Waiting poll() {
        if (count == 0) {
            return null;
        }
        while (true) {
            Group group = turns.current();
            Flow flow = group.current();
            int length = flow.next();
            if (group.pay(length)) {
                flow.pay(length);
                return remove(group, flow);
            }
            turns.pass();
        }
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

    private static int held(@Nullable Group group) {
        return group == null ? 0 : group.bytes;
    }

    private @Nullable Group largestGroup() {
        Group most = null;
        for (Group group : groups.values()) {
            most = most == null || group.bytes > most.bytes ? group : most;
        }
        return most;
    }

    private Waiting remove(Group group, Flow flow) {
        Waiting signal = flow.signals.removeFirst();
        removed(group, flow, signal);
        return signal;
    }

    private Waiting removeLast(Flow flow) {
        Group group = groups.get(flow.sender.group());
        Waiting signal = flow.signals.removeLast();
        if (group != null) {
            removed(group, flow, signal);
        }
        return signal;
    }

    private void removed(Group group, Flow flow, Waiting signal) {
        int weight = weight(signal.frame().length());
        bytes -= weight;
        count--;
        group.bytes -= weight;
        flow.bytes -= weight;
        if (flow.signals.isEmpty()) {
            group.end(flow);
        }
        if (group.flows.isEmpty()) {
            turns.end(group);
            groups.remove(group.key);
        }
    }

    /** What takes turns. */
    private abstract static class Turn {

        /** Bytes it may still send in its turn. */
        private int credit = QUANTUM;

        /** Uses the credit of its turn; false, and more credit for its next turn, if that is too little. */
        final boolean pay(int length) {
            if (length > credit) {
                credit += QUANTUM;
                return false;
            }
            credit -= length;
            return true;
        }

        final boolean canPay(int length) {
            return length <= credit;
        }
    }

    /** Who is next. Those who just began come before those who have had a turn. */
    private static final class Turns<T extends Turn> {

        private final Deque<T> fresh = new ArrayDeque<>(4);
        private final Deque<T> others = new ArrayDeque<>(4);

        void begin(T it) {
            fresh.addLast(it);
        }

        T current() {
            return fresh.isEmpty() ? others.getFirst() : fresh.getFirst();
        }

        /** The turn of the current one is over. */
        void pass() {
            others.addLast(fresh.isEmpty() ? others.removeFirst() : fresh.removeFirst());
        }

        void end(T it) {
            if (!fresh.remove(it)) {
                others.remove(it);
            }
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

        void add(Sender sender, Waiting signal, int weight) {
            Flow flow = flows.get(sender);
            if (flow == null) {
                flow = new Flow(sender);
                flows.put(sender, flow);
                turns.begin(flow);
            }
            flow.signals.addLast(signal);
            flow.bytes += weight;
            bytes += weight;
        }

        /** The flow whose turn it is, which has the credit for its next signal. */
        Flow current() {
            Flow flow = turns.current();
            while (!flow.canPay(flow.next())) {
                flow.pay(flow.next());
                turns.pass();
                flow = turns.current();
            }
            return flow;
        }

        /** The flow that holds most; there is one as long as there is the group. */
        Flow largest() {
            Flow largest = turns.current();
            for (Flow flow : flows.values()) {
                largest = flow.bytes > largest.bytes ? flow : largest;
            }
            return largest;
        }

        void end(Flow flow) {
            flows.remove(flow.sender);
            turns.end(flow);
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

        int next() {
            return signals.getFirst().frame().length();
        }
    }
}
