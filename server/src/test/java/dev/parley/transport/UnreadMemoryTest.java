// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import io.netty.channel.epoll.Epoll;
import io.netty.util.internal.PlatformDependent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connection that is closed when memory is short: a client of the address that leaves most unread. */
class UnreadMemoryTest {

    private static final int MEBIBYTE = 1 << 20;

    private final BlockingQueue<Ended> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<ClientConnection> opened = new LinkedBlockingQueue<>();
    private final AtomicBoolean isShort = new AtomicBoolean();
    private final NettyTransport transport = new NettyTransport(
            ClientLimits.defaults(),
            KeepaliveSettings.defaults(),
            DrainSettings.defaults(),
            1,
            Epoll.isAvailable(),
            new FairShares(8 * MEBIBYTE),
            new UnreadMemory(MEBIBYTE, () -> isShort.getAndSet(false))); // free again once somebody was closed
    private final ListenerServices services = ListenerServices.local(List.of(new AnyPathDialect(this::open)), Map.of());

    private record Ended(ClientConnection connection, ConnectionEnding how) {}

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void theAddressThatLeavesMostUnreadLosesConnectionsAndNoOther() throws Exception {
        int port = transport.listen(List.of(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0)), services);
        try (RawClient one = open("127.0.0.2", port);
                RawClient other = open("127.0.0.2", port);
                RawClient innocent = open("127.0.0.3", port)) {
            List<ClientConnection> hostile = List.of(take(opened), take(opened));
            ClientConnection slow = take(opened);
            fill(slow, 700_000);
            hostile.forEach(it -> fill(it, 500_000)); // less each, and more together
            assertThat(ends).isEmpty();

            isShort.set(true);
            while (isShort.get()) {
                fill(slow, 10); // memory is looked at once in a millisecond
            }

            assertThat(List.of(take(ends).connection(), take(ends).connection()))
                    .containsExactlyInAnyOrderElementsOf(hostile);
            fill(slow, 1_000);
            assertThat(ends).isEmpty();
        }
    }

    /** The JDK would let the loop that asks sleep for half a second. */
    @Test
    void anAllocationBeyondTheMemoryFailsAtOnce() throws Exception {
        assertThat(PlatformDependent.useDirectBufferNoCleaner()).isTrue();
        assertThat(Files.readString(Path.of("src/main/distribution/jvm.options")))
                .contains(
                        "\n--add-opens=java.base/java.nio=ALL-UNNAMED\n",
                        "\n-Dio.netty.tryReflectionSetAccessible=true\n");
    }

    private static RawClient open(String address, int port) throws Exception {
        return RawClient.from(address, port).upgrade("/");
    }

    /** Sends more than a client takes that does not read, and returns when it was offered to the socket. */
    private void fill(ClientConnection connection, int bytes) {
        BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
        connection.loop().post(() -> {
            connection.send(transport.frames().binary(Payload.of(new byte[bytes])));
            connection.loop().post(() -> connection.loop().post(() -> done.add(true)));
        });
        take(done);
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(20, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ClientConversation open(ClientConnection connection) {
        connection.admitted();
        opened.add(connection);
        return new ClientConversation() {
            @Override
            public void text(Payload payload) {}

            @Override
            public void binary(Payload payload) {}

            @Override
            public void ended(ConnectionEnding how) {
                ends.add(new Ended(connection, how));
            }
        };
    }
}
