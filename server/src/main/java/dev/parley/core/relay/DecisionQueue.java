// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Loop;
import dev.parley.core.session.AppDeliveries;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Applies what was decided for one app, in its order. A signal for many sessions waits for its turn while the node is
 * busy delivering such signals. A signal waits too once the app's names were compared with patterns for some time, so
 * that other apps go on. What was decided later for the same app waits behind it. On the coordinator's loop.
 */
final class DecisionQueue {

    /** What has this address in common: all of it was decided elsewhere, and its order is fixed. */
    private static final Object DECIDED = "decided";

    /** Steps of comparisons in a row: about half a millisecond. */
    private static final long SLICE = 50_000;

    private final AppDeliveries deliveries;
    private final Loop loop;
    /** Returns the steps of comparisons since its last call. */
    private final LongSupplier compared;

    private final Deque<Decision> waiting = new ArrayDeque<>(0);
    private long waitingBytes;

    /** The steps of this slice. */
    private long steps;

    /** Whether {@link #beginSlice} is deferred. */
    private boolean isNextSliceDeferred;

    /** Whether the first decision waits for the next slice, and not for its turn to be delivered. */
    private boolean isAwaitingSlice;

    /**
     * Something that was decided.
     *
     * @param receivers returns how many sessions of this node receive a signal, about
     * @param bytes of the signal
     */
    private record Decision(IntSupplier receivers, int bytes, Runnable action) {}

    /** @param compared returns the steps of comparisons with patterns since its last call */
    DecisionQueue(AppDeliveries deliveries, Loop loop, LongSupplier compared) {
        this.deliveries = deliveries;
        this.loop = loop;
        this.compared = compared;
    }

    /** Applies something that costs little, behind the decisions that wait. */
    void apply(Runnable action) {
        apply(() -> 0, 0, action);
    }

    /**
     * Applies a signal, behind the decisions that wait.
     *
     * @param receivers returns how many sessions of this node receive it, about
     */
    void apply(IntSupplier receivers, int bytes, Runnable action) {
        if (waiting.isEmpty() && steps < SLICE && !deliveries.isBusy()) {
            run(action);
            return;
        }
        Decision next = new Decision(receivers, bytes, action);
        if (waiting.isEmpty() && !hasToWait(next)) {
            run(action);
            return;
        }
        waiting.addLast(next);
        waitingBytes += bytes;
        if (waiting.size() == 1) {
            awaitTurn(next);
        }
    }

    /** Applies all that waits now: the state in which it was decided is lost. */
    void applyAll() {
        while (!waiting.isEmpty()) {
            applyFirst();
        }
    }

    /** Returns the bytes of the signals that wait. */
    long waitingBytes() {
        return waitingBytes;
    }

    private boolean hasToWait(Decision next) {
        return steps >= SLICE
                || (deliveries.isBusy() && deliveries.isMany(next.receivers().getAsInt()));
    }

    private void awaitTurn(Decision first) {
        if (steps >= SLICE) {
            isAwaitingSlice = true;
            return;
        }
        deliveries.await(DECIDED, loop, first.receivers().getAsInt(), first.bytes(), this::turn);
    }

    private void turn() {
        if (!waiting.isEmpty()) {
            try {
                applyFirst();
            } finally {
                goOn();
            }
        }
    }

    private void goOn() {
        while (!waiting.isEmpty()) {
            Decision first = waiting.getFirst();
            if (hasToWait(first)) {
                awaitTurn(first);
                return;
            }
            boolean isApplied = false;
            try {
                applyFirst();
                isApplied = true;
            } finally {
                if (!isApplied) {
                    loop.post(this::goOn); // what fails for one must not keep back the others
                }
            }
        }
    }

    private void applyFirst() {
        Decision first = waiting.removeFirst();
        waitingBytes -= first.bytes();
        run(first.action());
    }

    private void run(Runnable action) {
        try {
            action.run();
        } finally {
            steps += compared.getAsLong();
            if (steps > 0 && !isNextSliceDeferred) {
                isNextSliceDeferred = true;
                loop.defer(this::beginSlice);
            }
        }
    }

    private void beginSlice() {
        isNextSliceDeferred = false;
        steps = 0;
        if (isAwaitingSlice) {
            isAwaitingSlice = false;
            goOn();
        }
    }
}
