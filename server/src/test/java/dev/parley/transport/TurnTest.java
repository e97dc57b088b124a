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
import dev.parley.core.port.Loop;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import io.netty.channel.epoll.Epoll;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How much a loop reads before what was posted runs. */
class TurnTest {

    private static final int CLIENTS = 40;
    private static final int BYTES_EACH = 200_000;

    @Test
    void whatIsPostedRunsBehindAMebibyteHoweverManySocketsHaveMore() throws Exception {
        Counting counting = new Counting();
        try (NettyTransport transport = new NettyTransport(
                ClientLimits.defaults(),
                KeepaliveSettings.defaults(),
                DrainSettings.defaults(),
                1,
                Epoll.isAvailable())) {
            ListenerServices services = ListenerServices.local(List.of(counting), Map.of());
            int port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawClient.open(port, "/"));
            }
            Loop loop = counting.loop.get(20, TimeUnit.SECONDS);
            CountDownLatch filled = new CountDownLatch(1);
            loop.post(() -> await(filled)); // meanwhile the sockets fill
            byte[] messages = messages();
            clients.forEach(client -> client.send(messages));
            filled.countDown();

            counting.all.get(60, TimeUnit.SECONDS);
            clients.forEach(RawClient::close);
        }
        assertThat(counting.mostInATurn).isBetween(1, ReadBuffers.TURN_BYTES);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] messages() {
        byte[] frame = RawClient.frame(0x82, new byte[1_000]);
        byte[] messages = new byte[BYTES_EACH / 1_000 * frame.length];
        for (int at = 0; at < messages.length; at += frame.length) {
            System.arraycopy(frame, 0, messages, at, frame.length);
        }
        return messages;
    }

    /** Counts the bytes it is given between its own posts. */
    private static final class Counting implements Dialect {

        private final CompletableFuture<Loop> loop = new CompletableFuture<>();
        private final CompletableFuture<Void> all = new CompletableFuture<>();
        private final AtomicInteger left = new AtomicInteger(CLIENTS * BYTES_EACH);
        private int turn;
        private int mostInATurn;

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
            return new Accepted(connection -> {
                connection.admitted();
                loop.complete(connection.loop());
                return new Listener(connection);
            });
        }

        private void count(Loop on, int bytes) {
            if (turn == 0) {
                on.post(() -> turn = 0);
            }
            turn += bytes;
            mostInATurn = Math.max(mostInATurn, turn);
            if (left.addAndGet(-bytes) == 0) {
                all.complete(null);
            }
        }

        private final class Listener implements ClientConversation {

            private final ClientConnection connection;

            Listener(ClientConnection connection) {
                this.connection = connection;
            }

            @Override
            public void text(Payload payload) {}

            @Override
            public void binary(Payload payload) {
                count(connection.loop(), payload.length());
            }

            @Override
            public void ended(ConnectionEnding how) {}
        }
    }
}
