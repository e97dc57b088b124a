// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A transport that is closed while a loop never ends the task it is in. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bounds are of seconds
class StuckLoopTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch freed = new CountDownLatch(1);

    @Test
    void closingTakesNoLongerThanTheDrainTimeoutAndOneSecondAndOtherLoopsAreDrained() throws Exception {
        NettyTransport transport = new NettyTransport(
                ClientLimits.defaults(),
                KeepaliveSettings.defaults(),
                new DrainSettings(Duration.ZERO, TIMEOUT),
                2,
                Epoll.isAvailable());
        List<RawClient> clients = new ArrayList<>();
        try {
            int port = listen(transport);
            for (int i = 0; i < 4; i++) { // two on each loop
                clients.add(RawClient.open(port, "/"));
            }
            clients.getFirst().text("never ends");
            stuck.await();
            long begin = System.nanoTime();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(transport::close);
            assertThat(clients.get(1).read()).isEqualTo("close 1001 going away");
            closed.join();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.plusSeconds(1));
        } finally {
            freed.countDown();
            clients.forEach(RawClient::close);
            transport.close(); // waits for the loop that is free now
        }
    }

    private int listen(NettyTransport transport) throws IOException {
        ListenerServices services = ListenerServices.local(List.of(new StuckDialect()), Map.of());
        return transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
    }

    /** Any message keeps the loop until the test ends. */
    private final class StuckDialect implements Dialect {

        @Override
        public String name() {
            return "test";
        }

        @Override
        public boolean serves(String path) {
            return true;
        }

        @Override
        public Reception receive(ClientRequest request) {
            return new Accepted(StuckLoopTest.this::open);
        }
    }

    private ClientConversation open(ClientConnection connection) {
        connection.admitted();
        return new ClientConversation() {
            @Override
            public void text(Payload payload) {
                stuck.countDown();
                try {
                    freed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void binary(Payload payload) {}

            @Override
            public void ended(ConnectionEnding ending) {}
        };
    }
}
