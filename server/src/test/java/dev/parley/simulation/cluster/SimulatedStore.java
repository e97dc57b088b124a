// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreLink;
import dev.parley.cluster.StoreReply;
import dev.parley.simulation.SimulatedLoop;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The store and the network to it: calls and replies take a random time, some get lost, some are done once more much
 * later. A read waits a while for something to read.
 */
final class SimulatedStore {

    private static final int LONGEST_MILLIS = 20;
    private static final int LATE_MILLIS = 3_000;
    private static final int LOSSES = 30;
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final Duration LONGEST_READ = Duration.ofMillis(400);

    final ModelStore model = new ModelStore();
    final SimulatedLoop loop = new SimulatedLoop();
    private final Random random;

    /** Calls get lost until it is back. */
    boolean isAway;

    /** Nothing gets lost any more. */
    boolean isReliable;

    SimulatedStore(Random random) {
        this.random = random;
    }

    /** @param isAlive whether the node at the other end can still receive */
    StoreLink link(BooleanSupplier isAlive) {
        return (call, reply) -> {
            if (isLost()) {
                return true;
            }
            loop.schedule(delay(LONGEST_MILLIS), () -> handle(call, reply, isAlive, loop.now()));
            if (isLost()) { // an old copy of it comes much later
                loop.schedule(delay(LATE_MILLIS), () -> model.handle(call));
            }
            return true;
        };
    }

    private void handle(StoreCall call, Consumer<StoreReply> reply, BooleanSupplier isAlive, long since) {
        if (isAway) {
            return;
        }
        StoreReply done = model.handle(call);
        boolean isNothing = call instanceof StoreCall.Read
                && done instanceof StoreReply.Page page
                && page.entries().isEmpty();
        if (isNothing && isAlive.getAsBoolean() && loop.now() - since < LONGEST_READ.toNanos()) {
            loop.schedule(LOOK, () -> handle(call, reply, isAlive, since));
        } else if (!isLost()) {
            loop.schedule(delay(LONGEST_MILLIS), () -> {
                if (isAlive.getAsBoolean()) {
                    reply.accept(done);
                }
            });
        }
    }

    private boolean isLost() {
        return !isReliable && random.nextInt(LOSSES) == 0;
    }

    private Duration delay(int longestMillis) {
        return Duration.ofMillis(1L + random.nextInt(longestMillis));
    }
}
