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
 * Signals that wait for one receiver, which takes them more slowly than they arrive. Each sender has a flow of its own,
 * in order. Flows are served by a {@link FairSchedule}, so that a sender of few bytes does not wait behind a sender of
 * many. Senders of one group (key and address) have the share of one sender where there are several groups.
 *
 * <p>For the receiver's loop.
 */
final class SendQueue {

    private final int capacity;
    private final int leastWeight;
    private final Map<Object, Group> groups = new HashMap<>(4);
    private final FairSchedule<Group> schedule = new FairSchedule<>();

    /** The weight of all frames that wait. */
    private int bytes;

    private int count;

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
            group = new Group(sender.group());
            groups.put(sender.group(), group);
            group.add(sender, signal, weight);
            schedule.begin(group);
        } else if (group.add(sender, signal, weight)) {
            schedule.review(group);
        }
        bytes += weight;
        count++;
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
            Group most = largestGroup();
            if (most == null || !isLarger(most, sender, weight)) {
                return false;
            }
            removed.accept(removeLast(most, most.largest()));
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
        Flow largest = group.largest();
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

    /** Removes all signals. */
    void clear(Consumer<Waiting> removed) {
        for (Waiting signal = poll(); signal != null; signal = poll()) {
            removed.accept(signal);
        }
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
        group.bytes -= weight;
        flow.bytes -= weight;
    }

    /** The senders of one key and address. */
    private static final class Group extends FairSchedule.Flow {

        private final Object key;
        private final Map<SignalSender, Flow> flows = new HashMap<>(4);
        private final FairSchedule<Flow> schedule = new FairSchedule<>();
        private int bytes;

        Group(Object key) {
            this.key = key;
        }

        /** Returns whether another signal is next now. */
        boolean add(SignalSender sender, Waiting signal, int weight) {
            bytes += weight;
            Flow known = flows.get(sender);
            if (known != null) {
                known.add(signal, weight);
                return false;
            }
            Flow flow = new Flow(sender);
            flow.add(signal, weight);
            flows.put(sender, flow);
            schedule.begin(flow);
            return schedule.first() == flow;
        }

        @Override
        Object key() {
            return key;
        }

        @Override
        int firstLength() {
            return schedule.first().firstLength();
        }

        /** The flow that holds most; there is one as long as there is the group. */
        Flow largest() {
            Flow largest = schedule.first();
            for (Flow flow : flows.values()) {
                largest = flow.bytes > largest.bytes ? flow : largest;
            }
            return largest;
        }
    }

    /** The signals of one sender, in order. */
    private static final class Flow extends FairSchedule.Flow {

        private final SignalSender sender;
        private final Deque<Waiting> signals = new ArrayDeque<>(4);
        private int bytes;

        Flow(SignalSender sender) {
            this.sender = sender;
        }

        void add(Waiting signal, int weight) {
            signals.addLast(signal);
            bytes += weight;
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
