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

    /** What may be under way to other nodes for each loop that they have: some 100 ms of {@link #PER_SECOND}. */
    private static final long MOST_ELSEWHERE = 16L << 20;

    /**
     * What a loop of another node is given in a second: a fifth of what it can do, as it has other things to do, and
     * signals from other nodes.
     */
    private static final long PER_SECOND = 128L << 20;

    /** What it costs to write a frame to one socket besides its bytes. */
    private static final int FRAME_COST = 2 << 10;

    /** What a loop may take for a unit of cost; it takes half of that where sockets take what is written. */
    private static final float NANOS_OF_COST = 0.5f;

    /** The mean of so many measurements counts, about. */
    private static final int MEASURED = 4;

    /** After so long a delivery whose turn could not be given is tried again. */
    private static final Duration RETRY = Duration.ofMillis(100);

    /** More is counted as this: sums of it do not overflow. */
    private static final int MOST_COST = 1 << 30;

    private final int many;
    private final long most;
    private final long low;
    private final long perSecond;
    private final AtomicLong underWay = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final FairSchedule<AppDeliveries> apps = new FairSchedule<>();

    /** How many times longer deliveries take than they should; not less than one. Any thread may overwrite another. */
    private volatile float slowness = 1;

    /** When other nodes will have done what they were given. */
    private long doneElsewhere;

    /** How many turns wait. Written under the lock. */
    private volatile int waiting;

    /**
     * Turns with other bounds.
     *
     * @param many a signal for so many sessions takes part
     * @param most what may be under way, see {@link #cost}
     * @param low deliveries that wait begin when no more is under way
     * @param perSecond what other nodes do in a second
     */
    public DeliveryTurns(int many, long most, long low, long perSecond) {
        this.many = many;
        this.most = most;
        this.low = low;
        this.perSecond = perSecond;
    }

    /**
     * Returns the turns in which so many loops deliver. Several begin at a time, so that they share system calls.
     */
    public static DeliveryTurns ofLoops(int loops) {
        return new DeliveryTurns(MANY, loops * MOST, loops * MOST / 2, Long.MAX_VALUE);
    }

    /** Returns the turns in which signals are submitted for other nodes, which have as many loops as this one. */
    public static DeliveryTurns ofSubmissions(int loops) {
        long most = loops * MOST_ELSEWHERE;
        return new DeliveryTurns(MANY, most, most, loops * PER_SECOND);
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
        return waiting > 0 || underWay.get() >= now(most);
    }

    /**
     * A loop took so long for a delivery, without writing to sockets. Where receivers do not read, it takes many times
     * as long, and less may be under way.
     */
    void took(int cost, long nanos) {
        float before = slowness;
        float measured = nanos / (cost * NANOS_OF_COST);
        slowness = Math.max(before + (measured - before) / MEASURED, 1);
    }

    /** How much of a bound holds now. */
    private long now(long bound) {
        return (long) (bound / slowness);
    }

    /** Counts a delivery that loops are given; {@link #end} follows. */
    void begin(int cost) {
        underWay.addAndGet(cost);
    }

    /** Counts a delivery until other nodes have had the time for it and for those before. On one loop alone. */
    void countElsewhere(int cost, Loop loop) {
        begin(cost);
        long now = loop.now();
        doneElsewhere = Math.max(doneElsewhere, now) + TimeUnit.SECONDS.toNanos(cost) / perSecond;
        loop.schedule(Duration.ofNanos(doneElsewhere - now), () -> end(cost));
    }

    /** A loop has done a delivery, or a part of it. Those that wait may begin then. */
    void end(int cost) {
        if (underWay.addAndGet(-cost) <= now(low) && waiting > 0) {
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
        if (underWay.get() <= now(low)) {
            beginWaiting(); // what was under way is done, and nobody saw that this one waits
        }
    }

    private void beginWaiting() {
        lock.lock();
        try {
            while (waiting > 0 && underWay.get() < now(most)) {
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
