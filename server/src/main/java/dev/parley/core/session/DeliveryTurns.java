// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Loop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how much loops have to deliver at one moment: of signals for many sessions some are delivered at a time, and
 * the others wait for their turn. Apps take turns, in an app client addresses do, by what their signals cost. Signals
 * for few sessions do not wait here, and pass those that do. One for all apps of a node. Safe from any thread.
 */
public final class DeliveryTurns {

    /** So many sessions are many. Rooms of so few members cannot make one message cost much. */
    private static final int MANY = 16;

    /**
     * What may be under way for each loop, see {@link #cost}: about 10,000 frames of 1 KiB. It writes these within some
     * 40 ms, and to a socket in a room of 1,000 about 20 of them in one system call; with half as many it takes a third
     * more processor time.
     */
    private static final long MOST = 32L << 20;

    /** What the loop of another node does in a second, about as much as one here. */
    private static final long PER_SECOND = 256L << 20;

    /** What it costs to write a frame to one socket besides its bytes. */
    private static final int FRAME_COST = 2 << 10;

    /** After so long a delivery whose turn could not be given is tried again. */
    private static final Duration RETRY = Duration.ofMillis(100);

    /** More is counted as this: sums of it do not overflow. */
    private static final int MOST_COST = 1 << 30;

    private final int many;
    private final long most;
    private final long perSecond;
    private final AtomicLong underWay = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final FairSchedule<AppDeliveries> apps = new FairSchedule<>();

    /** How many turns wait. Written under the lock. */
    private volatile int waiting;

    /** Turns for all apps of a node with so many loops. */
    public DeliveryTurns(int loops) {
        this(MANY, loops * MOST, loops * PER_SECOND);
    }

    /**
     * Turns with other bounds.
     *
     * @param many a signal for so many sessions takes part
     * @param most what may be under way, see {@link #cost}
     * @param perSecond what another node does in a second
     */
    public DeliveryTurns(int many, long most, long perSecond) {
        this.many = many;
        this.most = most;
        this.perSecond = perSecond;
    }

    /**
     * A delivery that waits.
     *
     * @param loop where it is done
     */
    record Turn(Loop loop, int cost, Runnable delivery) {}

    /** Returns the turns of one more app. */
    public AppDeliveries ofApp() {
        return new AppDeliveries(this);
    }

    /** What it costs to deliver a signal of so many bytes to so many sessions, about: the bytes of a copy in memory. */
    static int cost(int sessions, int bytes) {
        return (int) Math.min((long) sessions * (FRAME_COST + bytes), MOST_COST);
    }

    boolean isMany(int sessions) {
        return sessions >= many;
    }

    /** Whether a delivery to many has to wait. */
    boolean isBusy() {
        return waiting > 0 || underWay.get() >= most;
    }

    /** Counts a delivery that loops are given; {@link #end} follows. */
    void begin(int cost) {
        underWay.addAndGet(cost);
    }

    /** How long another node takes for that. */
    Duration timeElsewhere(int cost) {
        return Duration.ofNanos(TimeUnit.SECONDS.toNanos(cost) / perSecond);
    }

    /** A loop has done a delivery, or a part of it. Those that wait begin once half of the bound is free. */
    void end(int cost) {
        if (underWay.addAndGet(-cost) <= most / 2 && waiting > 0) {
            beginWaiting();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void await(AppDeliveries app, Object address, Turn turn) {
        lock.lock();
        try {
            if (app.isEmpty()) {
                app.add(address, turn);
                apps.begin(app);
            } else if (app.add(address, turn)) {
                apps.review(app);
            }
            waiting++;
        } finally {
            lock.unlock();
        }
        if (underWay.get() <= most / 2) {
            beginWaiting(); // what was under way is done, and nobody saw that this one waits
        }
    }

    private void beginWaiting() {
        lock.lock();
        try {
            while (waiting > 0 && underWay.get() < most) {
                AppDeliveries app = apps.first();
                begin(app.first());
                removeFirst(app); // behind it: one that could not be posted stays
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a delivery until it has counted itself. */
    private void begin(Turn turn) {
        begin(turn.cost());
        try {
            turn.loop().post(() -> {
                try {
                    turn.delivery().run();
                } finally {
                    end(turn.cost());
                }
            });
        } catch (RuntimeException | Error e) { // no memory for the task: it stays, and is tried again
            underWay.addAndGet(-turn.cost());
            turn.loop().schedule(RETRY, this::beginWaiting);
            throw e;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void removeFirst(AppDeliveries app) {
        apps.serve(app);
        app.removeFirst();
        waiting--;
        if (app.isEmpty()) {
            apps.end(app);
        } else {
            apps.goOn(app);
        }
    }
}
