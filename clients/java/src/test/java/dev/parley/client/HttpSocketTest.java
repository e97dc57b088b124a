// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Large frames on a real socket. */
class HttpSocketTest {

    /** The largest {@code data} a server can allow, and what stands around it. */
    private static final int LARGEST = (1 << 20) + 12_000;

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> parts = new LinkedBlockingQueue<>();
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void theLargestFrameIsReadAndItsPartsAreReportedAsTheyArrive() throws Exception {
        try (TinyServer server = new TinyServer();
                HttpClient http = HttpClient.newHttpClient()) {
            ClientSocket socket =
                    new HttpSockets(http, Runnable::run).open(server.uri(), List.of("v1"), new Listening());
            server.accept("v1");
            byte[] half = new byte[LARGEST / 2];
            Arrays.fill(half, (byte) 'x');
            server.sayHeader(LARGEST);
            server.sayBytes(half);
            assertThat(parts.poll(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(texts).isEmpty();
            server.sayBytes(half);
            assertThat(texts.poll(20, TimeUnit.SECONDS)).isEqualTo("x".repeat(LARGEST));
            assertThat(ends).hasValue(0);
            socket.abort();
        }
    }

    private final class Listening implements ClientSocket.Hearer {

        @Override
        public void opened(String subprotocol) {}

        @Override
        public void heardPart() {
            parts.add("part");
        }

        @Override
        public void received(String text) {
            texts.add(text);
        }

        @Override
        public void ended(int code, String reason) {
            ends.incrementAndGet();
        }
    }
}
