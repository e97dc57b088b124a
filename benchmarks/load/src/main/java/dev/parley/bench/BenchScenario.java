// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What clients do to be measured: first they come, then they play. On the loop. */
abstract class BenchScenario implements FrameListener {

    /** How long after the last frame nothing is expected any more. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Duration LOOK = Duration.ofMillis(50);

    final EventLoop loop;
    final ClientCrowd crowd;
    final LoadSize load;
    final BenchTally tally;
    final MeasuredSpan meter;

    private final Consumer<Throwable> failure;
    private long lastHeard;

    /**
     * What a scenario plays with.
     *
     * @param first the number of the first client of this process: those of others have other numbers
     * @param failure receives an unexpected error, which ends the run
     */
    record Props(
            EventLoop loop,
            ClientCrowd crowd,
            LoadSize load,
            BenchTally tally,
            MeasuredSpan meter,
            int first,
            Consumer<Throwable> failure) {}

    BenchScenario(Props props) {
        this.loop = props.loop();
        this.crowd = props.crowd();
        this.load = props.load();
        this.tally = props.tally();
        this.meter = props.meter();
        this.failure = props.failure();
    }

    /** Prepares all clients, and then runs the task. */
    abstract void prepare(Runnable ready);

    /** Plays, warm-up included, and ends with everything that was under way done or lost. */
    abstract void play(Runnable done);

    @Override
    public void presence(BenchClient client, ByteBuf bytes, int index, int length) {
        received();
    }

    @Override
    public void lost(BenchClient client, String why) {
        tally.failed(why);
    }

    /** Counts from here on. */
    final void begin() {
        meter.begin();
        tally.begin();
    }

    /** Counts no more. */
    final void end() {
        tally.end();
        meter.end();
    }

    /** Warms up, and counts for as long as is to be measured. */
    final void measure(Runnable then) {
        later(load.warmUp(), () -> {
            begin();
            later(load.duration(), () -> {
                end();
                then.run();
            });
        });
    }

    final void later(Duration delay, Runnable step) {
        loop.schedule(
                () -> {
                    try {
                        step.run();
                    } catch (RuntimeException e) {
                        failure.accept(e);
                    }
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Something was heard that a server sends on its own. */
    final void received() {
        lastHeard = System.nanoTime();
    }

    /** Goes on when nothing has been heard for a while. */
    final void whenQuiet(Runnable step) {
        if (System.nanoTime() - lastHeard > QUIET_NANOS) {
            step.run();
        } else {
            later(LOOK, () -> whenQuiet(step));
        }
    }
}
