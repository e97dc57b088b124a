// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

    private static final byte[] NO_BODY = {};

    private final BlockingQueue<HttpReply> replies = new LinkedBlockingQueue<>();

    @Test
    void whoAsksDoesNotWaitForThePage() throws InterruptedException {
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        MetricsPage page = new MetricsPage(new EventCounters(), new Gauges(() -> {
            looked.countDown();
            awaitQuietly(mayAnswer);
            return true;
        }));

        page.answer(request("GET"), NO_BODY, replies::add);

        looked.await();
        assertThat(replies).isEmpty();
        mayAnswer.countDown();
        HttpReply reply = replies.take();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("\nparley_ready 1.0\n");
    }

    @Test
    void aFailureIsAnsweredAndTheNextRequestIsServed() throws InterruptedException {
        boolean[] fails = {true};
        MetricsPage page = new MetricsPage(new EventCounters(), new Gauges(() -> {
            if (fails[0]) {
                throw new IllegalStateException("planned");
            }
            return false;
        }));

        page.answer(request("GET"), NO_BODY, replies::add);
        assertThat(replies.take().status()).isEqualTo(500);
        fails[0] = false;
        page.answer(request("GET"), NO_BODY, replies::add);
        assertThat(replies.take().status()).isEqualTo(200);
    }

    @Test
    void onlyReadingIsAnswered() throws InterruptedException {
        MetricsPage page = new MetricsPage(new EventCounters(), new Gauges(() -> true));
        page.answer(request("POST"), NO_BODY, replies::add);
        HttpReply reply = replies.take();
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.headers()).containsEntry("Allow", "GET, HEAD");
    }

    private static ClientRequest request(String method) {
        return new ClientRequest(method, "/metrics", "", name -> List.of(), InetAddress.getLoopbackAddress());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gauges of a server that has nothing but its readiness. */
    private record Gauges(BooleanSupplier readiness) implements ServerGauges {

        @Override
        public String version() {
            return "1";
        }

        @Override
        public boolean isReady() {
            return readiness.getAsBoolean();
        }

        @Override
        public List<String> insecurities() {
            return List.of();
        }

        @Override
        public long sessions() {
            return 0;
        }

        @Override
        public long sessionsAway() {
            return 0;
        }

        @Override
        public long outboxBytes() {
            return 0;
        }

        @Override
        public List<AppState> apps() {
            return List.of();
        }
    }
}
