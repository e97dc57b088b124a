// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Clients that are there, two in a room, and answer pings; a few of them may exchange signals. */
final class IdleScenario extends RelayScenario {

    private final double signaling;
    private final Runnable holding;

    /**
     * @param signaling which part of the clients exchanges signals, at the rate of the load
     * @param holding called when all are there
     */
    IdleScenario(Props props, double signaling, Runnable holding) {
        super(props);
        this.signaling = signaling;
        this.holding = holding;
    }

    @Override
    void prepare(Runnable ready) {
        crowd.bringIn(
                crowd.clients(),
                true,
                this,
                () -> whenQuiet(() -> {
                    layLines((int) (crowd.clients().size() * signaling) & ~1);
                    ready.run();
                }));
    }

    @Override
    void play(Runnable done) {
        holding.run();
        begin();
        if (signaling > 0 && load.rate() > 0) {
            start();
        }
        Runnable end = () -> {
            tally.extra("signals", tally.operations());
            end();
            stop(() -> {
                tally.count(crowd.open()); // the result is the number of clients that are still connected
                done.run();
            });
        };
        if (load.duration().equals(Duration.ZERO)) {
            Thread.ofVirtual().start(() -> {
                awaitEndOfInput();
                loop.execute(end);
            });
        } else {
            later(load.duration(), end);
        }
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
