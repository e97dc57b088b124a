// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.function.IntFunction;

/** All clients of this process, and bringing them in: connected, let in, and in their rooms if they are to be. */
final class Crowd {

    private final Network network;
    private final Protocol protocol;
    private final Tally tally;
    private final int underWay;
    private final List<Client> clients = new ArrayList<>();

    /** @param underWay how many connections it makes at once */
    Crowd(Network network, Protocol protocol, Tally tally, int underWay) {
        this.network = network;
        this.protocol = protocol;
        this.tally = tally;
        this.underWay = underWay;
    }

    /** Makes so many clients, none of them connected. */
    void make(int first, int count, IntFunction<String> rooms, Audience audience) {
        for (int number = first; number < first + count; number++) {
            clients.add(new Client(number, rooms.apply(number), protocol, network.outbox(), audience));
        }
    }

    List<Client> clients() {
        return clients;
    }

    /** How many have a connection. */
    long open() {
        return clients.stream().filter(Client::isOpen).count();
    }

    void connect(Client client) {
        network.connect(client);
    }

    Protocol protocol() {
        return protocol;
    }

    /** Brings them in, and calls back when all are, or were lost; they belong to the audience again then. */
    void bringIn(Collection<Client> newcomers, boolean isToJoin, Audience audience, Runnable done) {
        new Arrival(newcomers, isToJoin, audience, done).begin();
    }

    /** Asks for the client's room; false if there is nothing to ask for. */
    boolean join(Client client) {
        byte[] join = protocol.join(client);
        if (join != null) {
            client.say(join);
        }
        return join != null;
    }

    /** The clients of one arrival on their way. */
    private final class Arrival implements Audience {

        private final Queue<Client> waiting;
        private final boolean isToJoin;
        private final Audience audience;
        private final Runnable done;
        private int missing;

        Arrival(Collection<Client> newcomers, boolean isToJoin, Audience audience, Runnable done) {
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
            Client client = waiting.poll();
            if (client != null) {
                client.audience(this);
                network.connect(client);
            }
        }

        @Override
        public void opened(Client client) {
            if (!isToJoin || !join(client)) {
                arrived(client);
            }
        }

        @Override
        public void joined(Client client) {
            arrived(client);
        }

        @Override
        public void lost(Client client, String why) {
            tally.failed(why);
            arrived(client);
        }

        private void arrived(Client client) {
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
