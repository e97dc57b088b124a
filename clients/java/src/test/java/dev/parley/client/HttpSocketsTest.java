// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client on real sockets. */
class HttpSocketsTest {

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private TinyServer server;
    private ParleyClient client;

    @BeforeEach
    void connect() throws IOException {
        server = new TinyServer();
        client = ParleyClient.builder(server.uri())
                .credential(Credential.key("pk"))
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                .connect((speaker, event) -> events.add(event));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void theServerSeesWhatIsOfferedAndHearsEverythingInOrder() throws Exception {
        assertThat(server.accept("parley.v1")).isEqualTo("parley.v1, v1, key.pk"); // in one header field
        server.say(Stage.fresh("new", 1));
        assertThat(next()).isInstanceOf(Event.Welcomed.class);
        for (int i = 1; i <= 900; i++) {
            client.send("bob", Integer.toString(i));
        }
        for (int i = 1; i <= 900; i++) {
            assertThat(server.receive()).isEqualTo(Stage.sentTo(i, i, Integer.toString(i)));
        }
    }

    @Test
    void aCutConnectionIsResumed() throws Exception {
        server.accept("parley.v1");
        server.say(Stage.fresh("new", 1));
        server.say(Stage.direct(1, "'one'"));
        assertThat(next()).isInstanceOf(Event.Welcomed.class);
        assertThat(next()).isEqualTo(new Event.Direct("bob", null, "\"one\""));
        server.cut();
        assertThat(next()).isInstanceOf(Event.ConnectionLost.class);
        assertThat(server.accept("parley.v1")).endsWith("resume.token-1.1");
        server.say(Stage.resumed(1, "later", 0));
        assertThat(server.receive()).isEqualTo(Stage.received(1));
    }

    @Test
    void aCloseOfTheServerIsHeardWithItsCode() throws Exception {
        server.accept("v1");
        server.say(Stage.plain());
        server.sayClose(4020);
        assertThat(next()).isInstanceOf(Event.Welcomed.class);
        assertThat(next()).isEqualTo(new Event.Closed(4020, ""));
        assertThat(client.closed()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void closingSendsWhatWasSaidBeforeAndThenCloses() throws Exception {
        server.accept("v1");
        server.say(Stage.plain());
        assertThat(next()).isInstanceOf(Event.Welcomed.class);
        client.sendUnacknowledged("bob", "1");
        client.close();
        assertThat(server.receive()).isEqualTo("{'type':'send','to':'bob','data':1}");
        assertThat(server.receive()).isEqualTo("Close 1000");
        assertThat(server.isCut()).isTrue();
    }

    @Test
    void aRefusalIsToldAndTriedAgain() throws Exception {
        server.refuse(429);
        assertThat(next())
                .isInstanceOfSatisfying(
                        Event.ConnectionLost.class,
                        lost -> assertThat(lost.why()).isEqualTo("HTTP 429"));
        server.accept("v1");
        server.say(Stage.plain());
        assertThat(next()).isInstanceOf(Event.Welcomed.class);
    }

    @Test
    void manyClientsNeedNoThreadsOfTheirOwn() throws Exception {
        List<ParleyClient> clients = new ArrayList<>();
        int before = Thread.activeCount();
        for (int i = 0; i < 100; i++) {
            if (i == 50) {
                System.gc(); // closes each socket that nothing refers to, at either end
            }
            clients.add(ParleyClient.builder(server.uri())
                    .credential(Credential.key("pk"))
                    .connect((speaker, event) -> events.add(event)));
            server.accept("v1");
            server.say(Stage.plain());
            assertThat(next()).isInstanceOf(Event.Welcomed.class);
        }
        assertThat(Thread.activeCount()).isLessThan(before + 10);
        clients.forEach(ParleyClient::close);
    }

    private Event next() throws InterruptedException {
        Event event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }
}
