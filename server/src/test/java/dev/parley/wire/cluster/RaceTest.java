// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What two servers decide at the same time. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class RaceTest {

    private static final int CROWDS = Integer.getInteger("cluster.crowds", 1);
    private static final int SUBSCRIPTIONS = Integer.getInteger("cluster.subscriptions", 400);
    private static final int LANES = 8;

    @TempDir
    private Path folder;

    private Servers servers;

    @BeforeEach
    void start() {
        servers = Servers.start(folder, 2);
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void aRoomTakesExactlyAsManyOfThoseWhoComeAtOnceAsItMayHold() throws Exception {
        for (int crowd = 0; crowd < CROWDS; crowd++) {
            String room = "limited-" + crowd;
            List<Visitor> visitors = all(IntStream.range(0, 2 * Servers.CAPACITY)
                    .mapToObj(i -> (Callable<Visitor>) () -> Visitor.connect(servers.port(i % 2), i))
                    .toList());
            List<String> answers = all(visitors.stream()
                    .map(it -> (Callable<String>) () -> {
                        it.subscribe(room);
                        return it.answer();
                    })
                    .toList());
            visitors.forEach(Visitor::close);

            assertThat(answers.stream().filter(it -> it.contains("\"ack\""))).hasSize(Servers.CAPACITY);
            assertThat(answers.stream().filter(it -> it.contains("\"channel_full\"")))
                    .hasSize(Servers.CAPACITY);
        }
    }

    @Test
    void theFirstSubscriberOfAServerReceivesWhatIsPublishedAfterItsAck() throws Exception {
        List<Integer> received = all(IntStream.range(0, LANES)
                .mapToObj(lane -> (Callable<Integer>) () -> subscribeAgainAndAgain(lane))
                .toList());

        assertThat(received.stream().mapToInt(it -> it).sum()).isEqualTo(SUBSCRIPTIONS / LANES * LANES);
    }

    /** Returns how many of the messages arrived. */
    private int subscribeAgainAndAgain(int lane) {
        int received = 0;
        try (Visitor publisher = Visitor.connect(servers.port(0), 2 * lane);
                Visitor subscriber = Visitor.connect(servers.port(1), 2 * lane + 1)) {
            for (int i = 0; i < SUBSCRIPTIONS / LANES; i++) {
                String room = "room-" + lane + "-" + i;
                subscriber.subscribe(room);
                assertThat(subscriber.answer()).contains("\"ack\"");
                publisher.say(
                        "{\"type\":\"publish\",\"requestId\":\"p\",\"channel\":\"" + room + "\",\"data\":" + i + "}");
                assertThat(publisher.answer()).contains("\"ack\"");
                publisher.say("{\"type\":\"send\",\"requestId\":\"d\",\"to\":\"" + subscriber.id() + "\",\"data\":0}");
                assertThat(publisher.answer()).contains("\"ack\"");
                String frame = subscriber.receive();
                while (!frame.contains("\"direct\"")) { // what one peer sends another arrives in its order
                    received += frame.contains("\"message\"") && frame.contains("\"data\":" + i) ? 1 : 0;
                    frame = subscriber.receive();
                }
                subscriber.say("{\"type\":\"unsubscribe\",\"requestId\":\"u\",\"channel\":\"" + room + "\"}");
                assertThat(subscriber.answer()).contains("\"ack\"");
            }
        }
        return received;
    }

    private static <T> List<T> all(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(tasks).stream().map(Future::resultNow).toList();
        }
    }
}
