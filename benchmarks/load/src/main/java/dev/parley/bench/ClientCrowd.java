// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.function.IntFunction;

/** All clients of this process: connects them, awaits their welcomes, and lets them join their rooms if they are to. */
final class ClientCrowd {

    private final BenchNetwork network;
    private final BenchProtocol protocol;
    private final BenchTally tally;
    private final int underWay;
    private final List<BenchClient> clients = new ArrayList<>();

    /** @param underWay how many connections it makes at once */
    ClientCrowd(BenchNetwork network, BenchProtocol protocol, BenchTally tally, int underWay) {
        this.network = network;
        this.protocol = protocol;
        this.tally = tally;
        this.underWay = underWay;
    }

    /** Makes so many clients, none of them connected. */
    void make(int first, int count, IntFunction<String> rooms, FrameListener audience) {
        for (int number = first; number < first + count; number++) {
            clients.add(new BenchClient(number, rooms.apply(number), protocol, network.outbox(), audience));
        }
    }

    List<BenchClient> clients() {
        return clients;
    }

    /** Returns how many clients have a connection. */
    long open() {
        return clients.stream().filter(BenchClient::isOpen).count();
    }

    void connect(BenchClient client) {
        network.connect(client);
    }

    BenchProtocol protocol() {
        return protocol;
    }

    /** Brings them in, and calls back when all are, or were lost; they belong to the audience again then. */
    void bringIn(Collection<BenchClient> newcomers, boolean isToJoin, FrameListener audience, Runnable done) {
        new Arrival(newcomers, isToJoin, audience, done).begin();
    }

    /** Asks for the client's room; false if there is nothing to ask for. */
    boolean join(BenchClient client) {
        byte[] join = protocol.join(client);
        if (join != null) {
            client.say(join);
        }
        return join != null;
    }

    /** The clients of one arrival on their way. */
    private final class Arrival implements FrameListener {

        private final Queue<BenchClient> waiting;
        private final boolean isToJoin;
        private final FrameListener audience;
        private final Runnable done;
        private int missing;

        Arrival(Collection<BenchClient> newcomers, boolean isToJoin, FrameListener audience, Runnable done) {
            this.waiting = new ArrayDeque<>(newcomers);
            this.missing = newcomers.size();
            this.isToJoin = isToJoin;
            this.audience = audience;
            this.done = done;
        }

        void begin() {
            for (int i = 0; i < underWay; i++) {
                next();
            }
        }

        private void next() {
            BenchClient client = waiting.poll();
            if (client != null) {
                client.audience(this);
                network.connect(client);
            }
        }

        @Override
        public void opened(BenchClient client) {
            if (!isToJoin || !join(client)) {
                arrived(client);
            }
        }

        @Override
        public void joined(BenchClient client) {
            arrived(client);
        }

        @Override
        public void lost(BenchClient client, String why) {
            tally.failed(why);
            arrived(client);
        }

        private void arrived(BenchClient client) {
            client.audience(audience);
            missing--;
            if (missing == 0) {
                done.run();
            } else {
                next();
            }
        }
    }
}
