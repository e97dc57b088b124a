// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.LimitsBuilder;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that sends many requests at once, whether it reads the answers or not, keeps nobody else waiting. */
class RequestPipeliningTest {

    private static final int PAGE = 64 << 10;
    private static final int SOCKETS = 30;
    private static final int AHEAD = 60;

    /** What an answer takes by the clock of the loop. */
    private static final long ANSWER_NANOS = 50_000;

    private static final String GET = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @Test
    void othersAreServedBetweenTheAnswers() {
        List<String> order = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel();
        HttpRoute page = request -> {
            spin(5_000_000);
            order.add("answer");
            channel.eventLoop().execute(() -> order.add("other"));
            return page();
        };
        accept(channel, page);
        channel.writeInbound(Unpooled.copiedBuffer(GET.repeat(5), StandardCharsets.US_ASCII));
        for (int i = 0; i < 5; i++) {
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }

        assertThat(order)
                .isEqualTo(Collections.nCopies(5, List.of("answer", "other")).stream()
                        .flatMap(List::stream)
                        .toList());
        channel.finishAndReleaseAll();
    }

    @Test
    void requestsSentAheadTakeLittleOfATurnHoweverManySocketsSendThem() {
        EmbeddedChannel holder = new EmbeddedChannel();
        AtomicInteger answers = new AtomicInteger();
        NettyLoop loop = new NettyLoop(holder.eventLoop(), () -> answers.get() * ANSWER_NANOS);
        List<EmbeddedChannel> clients = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            EmbeddedChannel client = new EmbeddedChannel();
            accept(client, loop, request -> {
                answers.incrementAndGet();
                return small();
            });
            clients.add(client);
        }
        clients.forEach(it -> it.writeInbound(Unpooled.copiedBuffer(GET.repeat(AHEAD), StandardCharsets.US_ASCII)));

        assertThat(answers).as("one of each socket at once").hasValue(SOCKETS);
        int most = 0;
        while (answers.get() < SOCKETS * AHEAD) {
            int before = answers.get();
            holder.runPendingTasks();
            most = Math.max(most, answers.get() - before);
        }
        assertThat(most).isLessThan(100);
        clients.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void answersOfATurnAreFlushedTogether() {
        int requests = 1_500;
        AtomicInteger flushes = new AtomicInteger();
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes.incrementAndGet();
                ctx.flush();
            }
        });
        AtomicInteger answers = new AtomicInteger();
        NettyLoop loop = new NettyLoop(channel.eventLoop(), () -> answers.get() * ANSWER_NANOS);
        accept(channel, loop, request -> {
            answers.incrementAndGet();
            return small();
        });
        channel.writeInbound(Unpooled.copiedBuffer(GET.repeat(requests), StandardCharsets.US_ASCII));
        while (answers.get() < requests) {
            channel.runPendingTasks();
        }

        assertThat(flushes.get()).isLessThan(requests / 3);
        channel.finishAndReleaseAll();
    }

    @Test
    void aWebSocketBehindRequestsIsOpenedAndRead() throws Exception {
        try (NettyTransport transport =
                new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults())) {
            ListenerServices services = ListenerServices.local(
                    List.of(new EchoDialect(transport.frames())), Map.of("/page", request -> small()));
            int port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
            try (RawClient client = RawClient.tcp(port)) {
                client.send(GET.repeat(20) + RawClient.handshake("/", "Host: localhost"));
                for (int i = 0; i < 20; i++) {
                    assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                }
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
                for (int i = 0; i < 3; i++) {
                    client.send(RawClient.frame(0x81, new byte[] {'h', 'i'}));
                    assertThat(client.readBytes(4)).containsExactly(0x81, 2, 'h', 'i');
                }
            }
        }
    }

    @Test
    void allRequestsAreAnsweredInOrderHoweverManyComeAtOnce() throws Exception {
        try (NettyTransport transport =
                new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults())) {
            int port = listen(transport, RequestPipeliningTest::named);
            try (RawClient client = RawClient.tcp(port)) {
                StringBuilder requests = new StringBuilder();
                for (int i = 0; i < 500; i++) {
                    requests.append("GET /page?").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
                }
                client.send(requests.toString());
                client.send("GET /page?last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                String answers = client.readAll();

                int from = 0;
                for (int i = 0; i < 500; i++) {
                    from = answers.indexOf("<" + i + ">", from);
                    assertThat(from).as("answer %d", i).isNotNegative();
                }
                assertThat(answers).contains("<last>");
            }
        }
    }

    @Test
    void theSystemHoldsLittleForAClientThatDoesNotRead() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        ClientLimits limits =
                new LimitsBuilder().admissionTime(Duration.ofMillis(500)).build();
        try (NettyTransport transport =
                new NettyTransport(limits, KeepaliveSettings.defaults(), DrainSettings.defaults())) {
            int port = listen(transport, request -> {
                answers.incrementAndGet();
                return page();
            });
            try (RawClient client = RawClient.tcp(port, 4096)) {
                sendUntilClosed(client);
            }
        }

        assertThat(answers.get() * PAGE).isLessThan(512 << 10);
    }

    private static void sendUntilClosed(RawClient client) {
        try {
            while (true) {
                client.send(GET.repeat(100));
            }
        } catch (UncheckedIOException e) {
            // reset by the server
        }
    }

    private static int listen(NettyTransport transport, HttpRoute page) throws Exception {
        ListenerServices services = ListenerServices.local(List.of(), Map.of("/page", page));
        return transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
    }

    private static void spin(long nanos) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            Thread.onSpinWait();
        }
    }

    private static void accept(EmbeddedChannel channel, HttpRoute page) {
        accept(channel, new NettyLoop(channel.eventLoop()), page);
    }

    private static void accept(EmbeddedChannel channel, NettyLoop loop, HttpRoute page) {
        FrameEncoder encoder = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT);
        ListenerServices services = ListenerServices.local(List.of(), Map.of("/page", page));
        channel.pipeline()
                .addLast(new SocketPipeline(
                        services, ClientLimits.defaults(), KeepaliveSettings.defaults(), it -> loop, encoder));
    }

    private static HttpReply small() {
        return new HttpReply(200, "text/plain", Map.of(), new byte[0]);
    }

    private static HttpReply page() {
        return new HttpReply(200, "text/plain", Map.of(), new byte[PAGE]);
    }

    private static HttpReply named(ClientRequest request) {
        String body = "<" + request.query() + ">" + "x".repeat(20_000);
        return new HttpReply(200, "text/plain", Map.of(), body.getBytes(StandardCharsets.US_ASCII));
    }
}
