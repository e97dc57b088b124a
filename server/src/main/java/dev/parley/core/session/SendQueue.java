// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals that wait for one receiver, which takes them more slowly than they arrive. Each sender has a flow of its own,
 * in order. Flows are served by a {@link FairSchedule}, so that a sender of few bytes does not wait behind a sender of
 * many. Senders of one group (key and address) have the share of one sender where there are several groups.
 *
 * <p>For the receiver's loop.
 */
final class SendQueue {

    private static final Comparator<Holder> BY_SIZE =
            Comparator.<Holder>comparingInt(it -> it.bytes).thenComparingLong(it -> it.number);

    private final int capacity;
    private final int leastWeight;
    private final Map<Object, Group> groups = new HashMap<>(4);
    private final FairSchedule<Group> schedule = new FairSchedule<>();

    /** The groups, those that hold most last. */
    private final NavigableSet<Group> bySize = new TreeSet<>(BY_SIZE);

    /** The weight of all frames that wait. */
    private int bytes;

    private int count;

    /** How many groups and flows there were. */
    private long holders;

    /**
     * One signal that waits.
     *
     * @param origin is notified if the signal is not delivered; may be null
     */
    record Waiting(Frame frame, @Nullable SignalOrigin origin) {}

    /**
     * An empty one.
     *
     * @param capacity bytes of frames, see {@link Frame#length}; one frame always fits into an empty queue
     * @param leastWeight bytes that a frame counts for at least, so that shares of the capacity are also shares of the
     *     number of frames, where that is limited
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

    /** Returns how many signals wait. */
    int count() {
        return count;
    }

    /**
     * Whether a signal of this sender may be added: there is room, and above half of the capacity only for a sender
     * that holds less than its equal share. A part is always left for one that holds nothing yet.
     */
    boolean fits(SignalSender sender, int length) {
        int more = bytes + weight(length);
        return count == 0 || more <= capacity / 2 || (more <= capacity && isWithinShare(sender, weight(length)));
    }

    /**
     * Adds a signal behind the others of its sender, whether it fits or not. Keeps the caller's reference of the frame.
     */
    void add(SignalSender sender, Waiting signal) {
        int weight = weight(signal.frame().length());
        Group group = groups.get(sender.group());
        if (group == null) {
            group = new Group(sender.group(), holders++);
            groups.put(sender.group(), group);
            add(group, sender, signal, weight);
            schedule.begin(group);
        } else if (add(group, sender, signal, weight)) {
            schedule.review(group);
        }
        bytes += weight;
        count++;
    }

    /** Returns whether another signal of the group is next now. */
    private boolean add(Group group, SignalSender sender, Waiting signal, int weight) {
        Flow known = group.flows.get(sender);
        Flow flow = known == null ? new Flow(sender, holders++) : known;
        flow.signals.addLast(signal);
        resize(group, flow, weight);
        if (known != null) {
            return false;
        }
        group.flows.put(sender, flow);
        group.schedule.begin(flow);
        return group.schedule.first() == flow;
    }

    /**
     * Makes room for a signal of this sender, who holds less than its share, at the cost of the group that holds most,
     * and in it of the sender that does: its latest signals are removed. False, and nothing more is removed, if the
     * group of this sender, or in the same group this sender, would hold as much.
     *
     * @param removed receives what is removed, with its reference
     */
    boolean makeRoom(SignalSender sender, int length, Consumer<Waiting> removed) {
        int weight = weight(length);
        while (bytes + weight > capacity) {
            if (bySize.isEmpty() || !isLarger(bySize.last(), sender, weight)) {
                return false;
            }
            Group most = bySize.last();
            removed.accept(removeLast(most, most.bySize.last()));
        }
        return true;
    }

    /**
     * Whether a group would still hold more than a sender with one signal more, or its largest sender if it is their
     * group.
     */
    private boolean isLarger(Group group, SignalSender sender, int weight) {
        if (!group.key.equals(sender.group())) {
            Group own = groups.get(sender.group());
            return (own == null ? 0 : own.bytes) + weight < group.bytes;
        }
        Flow largest = group.bySize.last();
        return !largest.sender.equals(sender) && held(sender) + weight < largest.bytes;
    }

    /** Removes the signal whose turn it is; null if none waits. The caller owns its reference. */
    @Nullable
    Waiting poll() {
        if (count == 0) {
            return null;
        }
        Group group = schedule.first();
        Flow flow = group.schedule.first();
        schedule.serve(group);
        group.schedule.serve(flow);
        Waiting signal = flow.signals.removeFirst();
        count(group, flow, signal);
        if (!flow.signals.isEmpty()) {
            group.schedule.goOn(flow);
        } else {
            group.schedule.end(flow);
            group.flows.remove(flow.sender);
        }
        if (!group.flows.isEmpty()) {
            schedule.goOn(group);
        } else {
            schedule.end(group);
            groups.remove(group.key);
        }
        return signal;
    }

    /** Removes all signals, those of one sender in their order. There may be very many, so they take no turns. */
    void clear(Consumer<Waiting> removed) {
        List<Group> all = List.copyOf(groups.values());
        groups.clear();
        bySize.clear();
        schedule.clear();
        bytes = 0;
        count = 0;
        all.forEach(group -> group.flows.values().forEach(flow -> flow.signals.forEach(removed)));
    }

    private boolean isWithinShare(SignalSender sender, int weight) {
        Group group = groups.get(sender.group());
        int sharing = group == null ? 1 : group.flows.size() + (group.flows.containsKey(sender) ? 0 : 1);
        int shares = (groups.size() + (group == null ? 2 : 1)) * sharing; // one is for a group that holds nothing yet
        int held = held(sender);
        return held == 0 || held + weight <= capacity / shares;
    }

    private int held(SignalSender sender) {
        Group group = groups.get(sender.group());
        Flow flow = group == null ? null : group.flows.get(sender);
        return flow == null ? 0 : flow.bytes;
    }

    private Waiting removeLast(Group group, Flow flow) {
        Waiting signal = flow.signals.removeLast();
        count(group, flow, signal);
        if (flow.signals.isEmpty()) {
            group.schedule.end(flow);
            group.flows.remove(flow.sender);
        }
        if (group.flows.isEmpty()) {
            schedule.end(group);
            groups.remove(group.key);
        } else {
            schedule.review(group);
        }
        return signal;
    }

    /** Subtracts a signal that waits no longer. */
    private void count(Group group, Flow flow, Waiting signal) {
        int weight = weight(signal.frame().length());
        bytes -= weight;
        count--;
        resize(group, flow, -weight);
    }

    /** Changes what a sender and its group hold. One that holds nothing has no place among the others. */
    private void resize(Group group, Flow flow, int more) {
        group.bySize.remove(flow);
        bySize.remove(group);
        flow.bytes += more;
        group.bytes += more;
        if (!flow.signals.isEmpty()) {
            group.bySize.add(flow);
        }
        if (!group.bySize.isEmpty()) {
            bySize.add(group);
        }
    }

    /** A group or a flow, which holds signals. */
    private abstract static class Holder extends FairSchedule.Flow {

        /** Decides between those that hold as much. */
        final long number;

        /** The weight of its frames. */
        int bytes;

        Holder(long number) {
            this.number = number;
        }
    }

    /** The senders of one key and address. */
    private static final class Group extends Holder {

        private final Object key;
        private final Map<SignalSender, Flow> flows = new HashMap<>(4);
        private final FairSchedule<Flow> schedule = new FairSchedule<>();

        /** The flows, those that hold most last. */
        private final NavigableSet<Flow> bySize = new TreeSet<>(BY_SIZE);

        Group(Object key, long number) {
            super(number);
            this.key = key;
        }

        @Override
        Object key() {
            return key;
        }

        @Override
        int firstLength() {
            return schedule.first().firstLength();
        }
    }

    /** The signals of one sender, in order. */
    private static final class Flow extends Holder {

        private final SignalSender sender;
        private final Deque<Waiting> signals = new ArrayDeque<>(4);

        Flow(SignalSender sender, long number) {
            super(number);
            this.sender = sender;
        }

        @Override
        Object key() {
            return sender;
        }

        @Override
        int firstLength() {
            return signals.getFirst().frame().length();
        }
    }
}
