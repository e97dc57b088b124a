// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.FrameFactory;
import dev.parley.rawclient.RawClient;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections are numbered in the order in which their sockets were accepted, whichever loop handles one first. */
@Timeout(30)
class AcceptOrderTest {

    private final BlockingQueue<Long> opened = new LinkedBlockingQueue<>();

    @Test
    void aRequestThatIsSentLaterOverTheEarlierSocketHasTheLowerNumber() throws Exception {
        try (NettyTransport transport =
                new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults())) {
            int port = listen(transport);
            try (RawClient earlier = RawClient.tcp(port);
                    RawClient later = RawClient.tcp(port)) {
                later.upgrade("/", "Host: localhost");
                long higher = opened.take();
                earlier.upgrade("/", "Host: localhost");

                assertThat(opened.take()).isLessThan(higher);
            }
        }
    }

    @Test
    void aSocketWhoseLoopIsBehindHasTheNumberOfItsPlaceInTheQueueOfTheListener() {
        EmbeddedChannel listener = new EmbeddedChannel(AcceptOrder.INSTANCE);
        EmbeddedChannel earlier = new EmbeddedChannel();
        EmbeddedChannel later = new EmbeddedChannel();
        listener.writeInbound(earlier, later);

        upgrade(later);
        upgrade(earlier);

        long higher = opened.remove();
        assertThat(opened.remove()).isLessThan(higher);
        List.of(listener, earlier, later).forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private int listen(NettyTransport transport) throws IOException {
        return transport.listen(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services(transport.frames()));
    }

    private ListenerServices services(FrameFactory frames) {
        return ListenerServices.local(List.of(new Counting(new EchoDialect(frames))), Map.of());
    }

    private void upgrade(EmbeddedChannel socket) {
        FrameEncoder encoder = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT);
        NettyLoop loop = new NettyLoop(socket.eventLoop());
        ListenerServices services = services(new WebSocketFrames(encoder));
        socket.pipeline()
                .addLast(new SocketPipeline(
                        services, ClientLimits.defaults(), KeepaliveSettings.defaults(), it -> loop, encoder));
        socket.writeInbound(socket.alloc()
                .buffer()
                .writeBytes(RawClient.handshake("/", "Host: localhost").getBytes(StandardCharsets.UTF_8)));
    }

    /** Notes the number of each connection. */
    private final class Counting implements Dialect {

        private final Dialect served;

        Counting(Dialect served) {
            this.served = served;
        }

        @Override
        public String name() {
            return served.name();
        }

        @Override
        public boolean serves(String path) {
            return served.serves(path);
        }

        @Override
        public Reception receive(ClientRequest request) {
            Accepted accepted = (Accepted) served.receive(request);
            return new Accepted(connection -> {
                opened.add(connection.id());
                return accepted.opening().open(connection);
            });
        }
    }
}
