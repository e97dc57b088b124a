// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AddressRange;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTurnsTest {

    private static final AddressRange A = AddressRange.ofClient(InetAddress.ofLiteral("192.0.2.1"));
    private static final AddressRange B = AddressRange.ofClient(InetAddress.ofLiteral("192.0.2.2"));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RequestTurns turns = new RequestTurns(new NettyLoop(channel.eventLoop()));
    private final List<String> order = new ArrayList<>();

    @Test
    void addressesHaveEqualTurnsAndSoHaveTheSocketsOfOne() {
        add(A, "a1", 2);
        add(A, "a2", 1);
        add(A, "a3", 1);
        add(B, "b1", 3);
        runAll();

        assertThat(order).containsExactly("a1", "b1", "a2", "b1", "a3", "b1", "a1");
    }

    @Test
    void aTurnThatFailsKeepsNobodyFromTheirs() {
        turns.add(A, () -> {
            throw new IllegalStateException("expected by this test");
        });
        add(A, "a", 1);
        runAll();
        add(B, "b", 1);
        runAll();

        assertThat(order).containsExactly("a", "b");
    }

    private void add(AddressRange client, String socket, int count) {
        turns.add(client, () -> {
            order.add(socket);
            if (count > 1) {
                add(client, socket, count - 1);
            }
        });
    }

    private void runAll() {
        for (int i = 0; i < 20; i++) {
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }
    }
}
