// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Loop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** The deliveries of one app to many sessions, which take turns with those of other apps. Safe from any thread. */
public final class AppDeliveries extends FairSchedule.Flow {

    private final DeliveryTurns turns;

    // Guarded by the lock of the turns.
    private final Map<Object, AddressFlow> flows = new HashMap<>(4);
    private final FairSchedule<AddressFlow> schedule = new FairSchedule<>();

    AppDeliveries(DeliveryTurns turns) {
        this.turns = turns;
    }

    /** Whether a signal for so many sessions takes part. */
    public boolean isMany(int sessions) {
        return turns.isMany(sessions);
    }

    /** Whether a signal for many sessions has to wait. */
    public boolean isBusy() {
        return turns.isBusy();
    }

    /**
     * Lets a delivery wait for its turn, which may come at once. What it delivers is counted by {@link #begin}.
     *
     * @param address what clients at the sender's address have in common, compared by {@code equals}
     * @param loop where the delivery is done
     * @param sessions how many receive it, about
     * @param bytes of the signal
     */
    public void await(Object address, Loop loop, int sessions, int bytes, Runnable delivery) {
        turns.await(this, address, new DeliveryTurns.Turn(loop, DeliveryTurns.cost(sessions, bytes), delivery));
    }

    /** A loop is given a frame of so many bytes for so many sessions. {@link #end} follows. */
    public void begin(int sessions, int bytes) {
        turns.begin(DeliveryTurns.cost(sessions, bytes));
    }

    /** The loop took so long to hand the frame to these sessions. */
    public void took(int sessions, int bytes, long nanos) {
        turns.took(DeliveryTurns.cost(sessions, bytes), nanos);
    }

    /** The loop has nothing more to do for these sessions. */
    public void end(int sessions, int bytes) {
        turns.end(DeliveryTurns.cost(sessions, bytes));
    }

    /** Has {@link #end} called once the loop has written to the sockets for which it was given the frame before. */
    public void endBehindWrites(Loop loop, int sessions, int bytes) {
        Runnable end = () -> end(sessions, bytes);
        orNow(end, () -> loop.post(() -> orNow(end, () -> loop.defer(end)))); // behind the flushes that are deferred
    }

    /**
     * Other nodes deliver a signal, which counts here as long as that takes them, about.
     *
     * @param loop the one on which all such calls are made
     * @param sessions that receive it there
     * @param bytes of the signal
     */
    public void countElsewhere(Loop loop, int sessions, int bytes) {
        turns.countElsewhere(DeliveryTurns.cost(sessions, bytes), loop);
    }

    /** Has a task run later, or at once if there is no memory for that. */
    private static void orNow(Runnable task, Runnable later) {
        try {
            later.run();
        } catch (RuntimeException | Error e) { // no memory for the task
            task.run();
        }
    }

    /** Counts a frame that was posted to each of these sessions until their sockets were written to. */
    public void count(Session[] sessions, int bytes) {
        IdentityHashMap<Loop, Integer> ofLoops = new IdentityHashMap<>(4);
        for (Session session : sessions) {
            ofLoops.merge(session.loop(), 1, Integer::sum);
        }
        ofLoops.forEach((loop, sum) -> {
            begin(sum, bytes);
            endBehindWrites(loop, sum, bytes);
        });
    }

    // For the turns, under their lock.

    boolean isEmpty() {
        return flows.isEmpty();
    }

    /** Returns whether another delivery is next now. */
    boolean add(Object address, DeliveryTurns.Turn turn) {
        AddressFlow known = flows.get(address);
        if (known != null) {
            known.waiting.addLast(turn);
            return false;
        }
        AddressFlow flow = new AddressFlow(address);
        flow.waiting.addLast(turn);
        flows.put(address, flow);
        schedule.begin(flow);
        return schedule.first() == flow;
    }

    /** Returns the delivery that is next. */
    DeliveryTurns.Turn first() {
        return schedule.first().waiting.getFirst();
    }

    /** Removes the delivery that is next. */
    void removeFirst() {
        AddressFlow flow = schedule.first();
        schedule.serve(flow);
        flow.waiting.removeFirst();
        if (flow.waiting.isEmpty()) {
            schedule.end(flow);
            flows.remove(flow.address);
        } else {
            schedule.goOn(flow);
        }
    }

    @Override
    Object key() {
        return this;
    }

    @Override
    int firstLength() {
        return first().cost();
    }

    /** The deliveries for one client address, in order: a connection has one at most. */
    private static final class AddressFlow extends FairSchedule.Flow {

        private final Object address;
        private final Deque<DeliveryTurns.Turn> waiting = new ArrayDeque<>(1);

        AddressFlow(Object address) {
            this.address = address;
        }

        @Override
        Object key() {
            return address;
        }

        @Override
        int firstLength() {
            return waiting.getFirst().cost();
        }
    }
}
