// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ProxySettings;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.ServerObserver;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages and requests that are unfinished share memory by client address, and give all of it back. */
class ArrivalShareTest {

    private static final long LIMIT = 1 << 20;
    private static final int PART = 60_000;

    /** The buffer that such a part is in. */
    private static final int BUFFER = 65_536;

    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
    private static final byte[] MESSAGE = RawClient.frame(0x82, new byte[69_000]);

    private final FairShares arrivals = new FairShares(LIMIT);
    private final NettyTransport transport = new NettyTransport(
            ClientLimits.defaults(),
            KeepaliveSettings.defaults(),
            new DrainSettings(Duration.ZERO, Duration.ZERO),
            arrivals);
    private final Queue<Integer> refused = new ConcurrentLinkedQueue<>();
    private final List<RawClient> clients = new ArrayList<>();
    private int port;

    @BeforeEach
    void listen() throws IOException {
        ServerObserver observer = new ServerObserver() {
            @Override
            public void refused(InetAddress client, int code, String reason, Supplier<String> about) {
                refused.add(code);
            }
        };
        ListenerServices services = new ListenerServices(
                List.of(new EchoDialect(transport.frames())),
                Map.of("/page", request -> reply(200, "page")),
                new Bodies(),
                ListenerServices.Guests.EVERYONE,
                ArrivalThrottle.NONE,
                ProxySettings.none(),
                observer);
        port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
    }

    @AfterEach
    void close() {
        clients.forEach(RawClient::close);
        transport.close();
    }

    @Test
    void messagesThatAreUnfinishedTakeNoMoreThanTheShareOfTheirAddress() throws Exception {
        while (arrivals.total() + BUFFER <= LIMIT / 2) {
            long before = arrivals.total();
            open("127.0.0.1").upgrade("/").send(Arrays.copyOf(MESSAGE, PART));
            await(total -> total == before + BUFFER);
        }
        List<RawClient> within = List.copyOf(clients);
        RawClient beyond = open("127.0.0.1").upgrade("/");
        beyond.send(Arrays.copyOf(MESSAGE, PART));

        assertThat(beyond.read()).isEqualTo("close 1013 server busy");
        assertThat(beyond.read()).isEqualTo("end");
        assertThat(refused).containsExactly(1013);
        finishAMessageInTwoParts(open("127.0.0.2").upgrade("/"));
        within.forEach(ArrivalShareTest::finish);
        await(total -> total == 0);
    }

    @Test
    void requestsThatAreUnfinishedTakeNoMoreThanTheShareOfTheirAddress() throws Exception {
        String head = "GET /page?" + "q".repeat(PART);
        long counted = 2L * head.length();
        while (arrivals.total() + counted <= LIMIT / 2) {
            long before = arrivals.total();
            open("127.0.0.1").send(head);
            await(total -> total == before + counted);
        }
        RawClient finished = clients.getFirst();
        RawClient beyond = open("127.0.0.1");
        beyond.send(head);

        assertThat(beyond.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 10\r\n");
        assertThat(refused).containsExactly(503);
        RawClient other = open("127.0.0.2");
        other.send(head);
        other.send(HOST + "\r\n");
        assertThat(other.readHead()).startsWith("HTTP/1.1 200 ");
        finished.send(HOST + "\r\n");
        assertThat(finished.readHead()).startsWith("HTTP/1.1 200 ");
        clients.forEach(RawClient::close);
        await(total -> total == 0);
    }

    @Test
    void fieldsAndBodiesCountAndAreGivenBack() throws Exception {
        RawClient client = open("127.0.0.1");
        client.send("POST /v1/take" + HOST + "X-Long: " + "x".repeat(10_000) + "\r\n");
        await(total -> total > 20_000);
        client.send("Content-Length: 20000\r\n\r\n" + "b".repeat(19_999));
        await(total -> total > 60_000);
        client.send("b");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        await(total -> total == 0);

        client.send("POST /v1/take" + HOST + "X-Long: " + "x".repeat(10_000) + "\r\n");
        await(total -> total > 20_000);
        client.reset();
        await(total -> total == 0);
    }

    private RawClient open(String address) throws IOException {
        RawClient client = RawClient.tcp(port, InetAddress.getByName(address));
        clients.add(client);
        return client;
    }

    private static void finishAMessageInTwoParts(RawClient client) {
        client.send(Arrays.copyOf(MESSAGE, PART));
        finish(client);
    }

    private static void finish(RawClient client) {
        client.send(Arrays.copyOfRange(MESSAGE, PART, MESSAGE.length));
        assertThat(client.read()).startsWith("binary ");
    }

    private void await(LongPredicate condition) throws InterruptedException {
        long end = System.nanoTime() + RawClient.PATIENCE.toNanos();
        while (!condition.test(arrivals.total())) {
            assertThat(System.nanoTime()).as("bytes held: %d", arrivals.total()).isLessThan(end);
            Thread.sleep(1);
        }
    }

    private static HttpReply reply(int status, String text) {
        return new HttpReply(status, "text/plain", Map.of(), text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static final class Bodies implements HttpApi {

        @Override
        public boolean serves(String path) {
            return path.startsWith("/v1/");
        }

        @Override
        public void answer(ClientRequest request, byte[] body, Consumer<HttpReply> answer) {
            answer.accept(ArrivalShareTest.reply(200, "took " + body.length));
        }

        @Override
        public HttpReply tooLarge() {
            return ArrivalShareTest.reply(413, "too large");
        }

        @Override
        public HttpReply tooMany() {
            return ArrivalShareTest.reply(429, "too many");
        }
    }
}
