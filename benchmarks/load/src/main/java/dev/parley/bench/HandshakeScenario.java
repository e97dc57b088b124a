// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/** Clients that connect, are let in, and leave, over and over. */
final class HandshakeScenario extends BenchScenario {

    private final int connections;
    private final long[] began;
    private final int first;
    private boolean isStopping;
    private int underWay;
    private Runnable done = () -> {};

    HandshakeScenario(Props props) {
        super(props);
        this.first = props.first();
        this.connections = load.connections();
        this.began = new long[connections];
        crowd.make(first, connections, number -> "bench-" + number, this);
    }

    @Override
    void prepare(Runnable ready) {
        ready.run();
    }

    @Override
    void play(Runnable whenDone) {
        done = whenDone;
        crowd.clients().forEach(this::connect);
        measure(() -> isStopping = true);
    }

    private void connect(BenchClient client) {
        underWay++;
        began[client.number() - first] = System.nanoTime();
        crowd.connect(client);
    }

    @Override
    public void opened(BenchClient client) {
        tally.took(began[client.number() - first]);
        tally.did();
        client.leave();
    }

    /** After it left by itself this is what it waits for. */
    @Override
    public void lost(BenchClient client, String why) {
        if (!why.contains("1000")) {
            tally.failed(why);
        }
        underWay--;
        if (!isStopping) {
            connect(client);
        } else if (underWay == 0) {
            done.run();
        }
    }
}
