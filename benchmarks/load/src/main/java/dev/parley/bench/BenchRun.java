// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Measures one plan in this process. */
final class BenchRun {

    private final BenchPlan plan;
    private final MeasuredSpan meter;
    private final Steps steps;

    /** Receives the progress. Any thread. */
    interface Steps {

        /** All clients are there; play begins when this returns. */
        default void ready() throws InterruptedException {}

        /** Notes that all idle clients are connected. */
        default void holding() {}

        /** Notes what happened in one second. */
        default void second(long operations, long errors) {}
    }

    /** @param meter is called when the measured time begins and ends */
    BenchRun(BenchPlan plan, MeasuredSpan meter, Steps steps) {
        this.plan = plan;
        this.meter = meter;
        this.steps = steps;
    }

    /** Runs the scenario, and returns its outcome. */
    BenchOutcome run() throws InterruptedException {
        if (plan.scenario() == BenchPlan.Play.FLAKY) {
            return plan.flaky().run(steps, meter);
        }
        meter.before();
        BenchTally tally = new BenchTally();
        CompletableFuture<Void> failure = new CompletableFuture<>();
        try (BenchNetwork network =
                new BenchNetwork(plan.servers(), plan.share().sources())) {
            EventLoop loop = network.loop();
            ClientCrowd crowd = new ClientCrowd(
                    network, plan.protocol(), tally, plan.share().underWay());
            BenchScenario scenario = scenario(new BenchScenario.Props(
                    loop, crowd, plan.load(), tally, meter, plan.share().first(), failure::completeExceptionally));
            await(loop, scenario::prepare, failure);
            if (tally.errors() > 0 && crowd.open() == 0) {
                return tally.outcome(); // nobody could get in
            }
            steps.ready();
            loop.scheduleAtFixedRate(() -> steps.second(tally.operations(), tally.errors()), 1, 1, TimeUnit.SECONDS);
            await(loop, scenario::play, failure);
            return tally.outcome();
        }
    }

    private BenchScenario scenario(BenchScenario.Props props) {
        return switch (plan.scenario()) {
            case RELAY -> new RelayScenario(props);
            case CALL -> new CallScenario(props);
            case FANOUT -> new FanoutScenario(props);
            case JOIN_STORM -> new JoinStormScenario(props);
            case IDLE -> new IdleScenario(props, plan.options().signaling(), steps::holding);
            case HANDSHAKE -> new HandshakeScenario(props);
            case RECONNECT_STORM -> new ReconnectStormScenario(props);
            case FLAKY -> throw new IllegalStateException("has clients of its own");
        };
    }

    private interface Step {
        void begin(Runnable done);
    }

    private static void await(EventLoop loop, Step step, CompletableFuture<Void> failure) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                step.begin(() -> done.complete(null));
            } catch (RuntimeException e) {
                failure.completeExceptionally(e);
            }
        });
        try {
            CompletableFuture.anyOf(done, failure).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
