// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Signals between pairs. Closed loop: each client has a window of signals under way, and sends the next when one has
 * arrived. Open loop: signals are due at a fixed rate whether or not those before have arrived, and are timed from when
 * they were due, so that a server which stalls is charged for everyone who had to wait (no coordinated omission).
 */
class RelayScenario extends BenchScenario {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final int first;
    private SignalLine[] lines = {};
    private boolean isStopping;
    private int turn;
    private long due;

    RelayScenario(Props props) {
        super(props);
        this.first = props.first();
        crowd.make(first, load.connections() & ~1, number -> "bench-" + number / 2, this);
    }

    @Override
    void prepare(Runnable ready) {
        crowd.bringIn(
                crowd.clients(),
                true,
                this,
                () -> whenQuiet(() -> {
                    layLines(crowd.clients().size());
                    ready.run();
                }));
    }

    /** Connects these many clients in pairs. */
    final void layLines(int clients) {
        lines = new SignalLine[clients];
        for (int i = 0; i < clients; i++) {
            BenchClient from = crowd.clients().get(i);
            BenchClient to = crowd.clients().get(i ^ 1);
            byte[] signal = crowd.protocol().signal(from, to, load.data());
            lines[i] = new SignalLine(from, from.frame(signal), crowd.protocol().acknowledges(), load.window());
        }
    }

    @Override
    void play(Runnable done) {
        start();
        measure(() -> stop(done));
    }

    /** Begins to send. */
    final void start() {
        if (load.rate() > 0) {
            due = System.nanoTime();
            sendDue();
        } else {
            for (int i = 0; i < load.window(); i++) {
                for (SignalLine line : lines) {
                    line.send(System.nanoTime());
                }
            }
        }
    }

    /** Sends no more, and counts as lost what has not arrived after a while. */
    final void stop(Runnable done) {
        isStopping = true;
        awaitRest(System.nanoTime() + PATIENCE.toNanos(), done);
    }

    private void awaitRest(long until, Runnable done) {
        long rest = Arrays.stream(lines).mapToLong(SignalLine::underWay).sum();
        if (rest > 0 && System.nanoTime() < until) {
            later(LOOK, () -> awaitRest(until, done));
            return;
        }
        tally.lost(rest);
        done.run();
    }

    /** Without a pause between looks at the clock, so that signals leave when they are due: it has a core to itself. */
    private void sendDue() {
        if (isStopping) {
            return;
        }
        long interval = TimeUnit.SECONDS.toNanos(1) / load.rate();
        for (long now = System.nanoTime(); due <= now; due += interval) {
            lines[turn].send(due);
            turn = turn + 1 == lines.length ? 0 : turn + 1;
        }
        later(Duration.ZERO, this::sendDue); // not executed at once: the loop would do nothing else
    }

    @Override
    public void signal(BenchClient client) {
        SignalLine line = line(client.number() ^ 1);
        if (line.arrived()) {
            done(line);
        }
    }

    @Override
    public void acknowledged(BenchClient client) {
        SignalLine line = line(client.number());
        if (line.acknowledged()) {
            done(line);
        }
    }

    private SignalLine line(int number) {
        return lines[number - first];
    }

    private void done(SignalLine line) {
        if (line.underWay() == 0) {
            tally.failed("more signals arrived than were sent");
            return;
        }
        tally.took(line.done());
        tally.did();
        if (load.rate() == 0 && !isStopping) {
            line.send(System.nanoTime());
        }
    }
}
