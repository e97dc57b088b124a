// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Two clients in a room of the minimal protocol, their welcome read. */
record Pair(RawClient first, RawClient second) implements AutoCloseable {

    static Pair in(TestServer server, String room) {
        RawClient first = joinOnceThereIsRoom(server.port(), room, "text {\"type\":\"welcome\",\"polite\":false}");
        RawClient second = server.open(room);
        assertThat(second.read()).contains("\"polite\":true");
        assertThat(first.read()).isEqualTo("text {\"type\":\"ready\"}");
        return new Pair(first, second);
    }

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    /** Those who left a room before are gone only when the server noticed; joins until the welcome is this one. */
    static RawClient joinOnceThereIsRoom(int port, String room, String welcome) {
        long deadline = System.nanoTime() + RawClient.PATIENCE.toNanos();
        while (true) {
            RawClient client = RawClient.open(port, room);
            if (client.read().equals(welcome)) {
                return client;
            }
            client.close();
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(room + " never had room");
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos()); // thousands of tries would be a load of their own
        }
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
