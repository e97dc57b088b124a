// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/**
 * Whole calls, over and over: both peers connect and join, exchange two descriptions and twenty candidates, and leave.
 * A description has the size of the load's data.
 */
final class CallScenario extends BenchScenario {

    private static final int CANDIDATES = 10; // of each side
    private static final int SIGNALS = 1 + CANDIDATES;
    private static final String CANDIDATE = SignalData.json(200);

    private final int first;
    private final Call[] calls;
    private int numbers;
    private int underWay;
    private boolean isStopping;
    private Runnable done = () -> {};

    CallScenario(Props props) {
        super(props);
        this.first = props.first();
        int pairs = load.connections() / 2;
        crowd.make(first, pairs * 2, number -> "bench-" + number / 2, this);
        this.calls = new Call[pairs];
        for (int i = 0; i < pairs; i++) {
            calls[i] = new Call(crowd.clients().get(2 * i), crowd.clients().get(2 * i + 1));
        }
    }

    @Override
    void prepare(Runnable ready) {
        ready.run();
    }

    @Override
    void play(Runnable whenDone) {
        done = whenDone;
        for (Call call : calls) {
            call.begin();
        }
        measure(() -> isStopping = true);
    }

    @Override
    public void opened(BenchClient client) {
        if (!crowd.join(client)) {
            call(client).joined();
        }
    }

    @Override
    public void joined(BenchClient client) {
        call(client).joined();
    }

    @Override
    public void signal(BenchClient client) {
        call(client).signal(client);
    }

    @Override
    public void lost(BenchClient client, String why) {
        call(client).lost(why);
    }

    private Call call(BenchClient client) {
        return calls[(client.number() - first) / 2];
    }

    /** One call after the other between the same two. */
    private final class Call {

        private final BenchClient caller;
        private final BenchClient callee;
        private long began;
        private int joined;
        private int heardByCaller;
        private int heardByCallee;
        private int here;
        private boolean isOver;

        Call(BenchClient caller, BenchClient callee) {
            this.caller = caller;
            this.callee = callee;
        }

        void begin() {
            began = System.nanoTime();
            joined = 0;
            heardByCaller = 0;
            heardByCallee = 0;
            here = 2;
            isOver = false;
            underWay++;
            String room = "bench-call-" + first + "-" + numbers++;
            caller.room(room);
            callee.room(room);
            crowd.connect(caller);
            crowd.connect(callee);
        }

        void joined() {
            joined++;
            if (joined == 2) {
                speak(caller, callee);
            }
        }

        void signal(BenchClient client) {
            if (client == callee && ++heardByCallee == SIGNALS) {
                speak(callee, caller);
            } else if (client == caller && ++heardByCaller == SIGNALS) {
                tally.took(began);
                tally.did();
                isOver = true;
                leave(caller);
                leave(callee);
            }
        }

        private void speak(BenchClient from, BenchClient to) {
            from.say(crowd.protocol().signal(from, to, load.data()));
            for (int i = 0; i < CANDIDATES; i++) {
                from.say(crowd.protocol().signal(from, to, CANDIDATE));
            }
        }

        private void leave(BenchClient client) {
            byte[] leave = crowd.protocol().leave(client);
            if (leave != null) {
                client.say(leave);
            }
            client.leave();
        }

        /** Expected at its end; before, the call failed, and so it ends for the other one too. */
        void lost(String why) {
            if (!isOver) {
                isOver = true;
                tally.failed(why);
                caller.leave();
                callee.leave();
            }
            here--;
            if (here == 0) {
                underWay--;
                if (!isStopping) {
                    begin();
                } else if (underWay == 0) {
                    done.run();
                }
            }
        }
    }
}
