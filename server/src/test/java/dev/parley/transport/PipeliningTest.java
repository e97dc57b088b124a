// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Drain;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.LimitsBuilder;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
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
class PipeliningTest {

    private static final int PAGE = 64 << 10;
    private static final String GET = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @Test
    void othersAreServedBetweenTheAnswers() {
        List<String> order = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel();
        Route page = request -> {
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
    void allRequestsAreAnsweredInOrderHoweverManyComeAtOnce() throws Exception {
        try (Transport transport = new Transport(Limits.defaults(), Keepalive.defaults(), Drain.defaults())) {
            int port = listen(transport, PipeliningTest::named);
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
        Limits limits =
                new LimitsBuilder().admissionTime(Duration.ofMillis(500)).build();
        try (Transport transport = new Transport(limits, Keepalive.defaults(), Drain.defaults())) {
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

    private static int listen(Transport transport, Route page) throws Exception {
        Site site = Site.local(List.of(), Map.of("/page", page));
        return transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), site);
    }

    private static void accept(EmbeddedChannel channel, Route page) {
        NettyLoop loop = new NettyLoop(channel.eventLoop());
        FrameEncoder encoder = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT);
        Site site = Site.local(List.of(), Map.of("/page", page));
        channel.pipeline().addLast(new Pipeline(site, Limits.defaults(), Keepalive.defaults(), it -> loop, encoder));
    }

    private static Reply page() {
        return new Reply(200, "text/plain", Map.of(), new byte[PAGE]);
    }

    private static Reply named(Request request) {
        String body = "<" + request.query() + ">" + "x".repeat(20_000);
        return new Reply(200, "text/plain", Map.of(), body.getBytes(StandardCharsets.US_ASCII));
    }
}
