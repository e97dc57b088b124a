// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/** Clients, two in a room, that all lose their connections at once and come back as fast as they can. */
final class ReconnectStormScenario extends BenchScenario {

    private long stormBegan;

    ReconnectStormScenario(Props props) {
        super(props);
        crowd.make(props.first(), load.connections(), number -> "bench-" + number / 2, this);
    }

    @Override
    void prepare(Runnable ready) {
        crowd.bringIn(crowd.clients(), true, this, () -> whenQuiet(ready));
    }

    /** A first storm warms the server up, unless none is asked for. */
    @Override
    void play(Runnable done) {
        if (load.warmUp().isZero()) {
            measureStorm(done);
        } else {
            storm(() -> whenQuiet(() -> measureStorm(done)));
        }
    }

    private void measureStorm(Runnable done) {
        begin();
        storm(() -> {
            tally.extra("backMillis", (System.nanoTime() - stormBegan) / 1_000_000);
            whenQuiet(() -> {
                tally.did((int) crowd.open());
                end();
                done.run();
            });
        });
    }

    private void storm(Runnable back) {
        stormBegan = System.nanoTime();
        received();
        crowd.clients().forEach(BenchClient::drop);
        crowd.bringIn(crowd.clients(), true, this, back);
    }
}
