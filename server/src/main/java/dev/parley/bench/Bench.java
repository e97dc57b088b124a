// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Measures one plan in this process. */
final class Bench {

    private final Plan plan;
    private final Meter meter;
    private final Steps steps;

    /** Who is told how far it is. Any thread. */
    interface Steps {

        /** All clients are there; play begins when this returns. */
        default void ready() throws InterruptedException {}

        /** Idle clients are held from now on. */
        default void holding() {}

        /** A second has passed. */
        default void second(long operations, long errors) {}
    }

    /** @param meter is told when the time that counts begins and ends */
    Bench(Plan plan, Meter meter, Steps steps) {
        this.plan = plan;
        this.meter = meter;
        this.steps = steps;
    }

    /** Plays it. */
    Outcome run() throws InterruptedException {
        if (plan.scenario() == Plan.Play.FLAKY) {
            return plan.flaky().run(steps, meter);
        }
        meter.before();
        Tally tally = new Tally();
        CompletableFuture<Void> failure = new CompletableFuture<>();
        try (Network network = new Network(plan.server(), plan.sources())) {
            EventLoop loop = network.loop();
            Crowd crowd = new Crowd(network, plan.protocol(), tally, plan.underWay());
            Scenario scenario = scenario(new Scenario.Props(
                    loop, crowd, plan.load(), tally, meter, plan.first(), failure::completeExceptionally));
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

    private Scenario scenario(Scenario.Props props) {
        return switch (plan.scenario()) {
            case RELAY -> new Relay(props);
            case CALL -> new Calls(props);
            case FANOUT -> new Fanout(props);
            case JOIN_STORM -> new JoinStorm(props);
            case IDLE -> new Idle(props, plan.signaling(), steps::holding);
            case HANDSHAKE -> new Handshakes(props);
            case RECONNECT_STORM -> new ReconnectStorm(props);
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
