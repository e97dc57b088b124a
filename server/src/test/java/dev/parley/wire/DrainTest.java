// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static final String GOING_AWAY = "text {\"type\":\"going_away\",\"retryAfterMs\":1000}";

    @Test
    void aServerThatStopsWarnsEveryClientAndLetsThemGoOneAfterTheOther() {
        TestServer server = TestServer.start();
        List<RawClient> clients = IntStream.range(0, 1000)
                .mapToObj(i -> server.open("/v1?key=pk_live_demo"))
                .toList();
        clients.forEach(client -> assertThat(client.read()).contains("welcome"));
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
        List<Long> closedAt = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> goodbyes = clients.stream()
                .map(client -> CompletableFuture.runAsync(
                        () -> {
                            assertThat(client.read()).isEqualTo(GOING_AWAY);
                            assertThat(client.read()).isEqualTo("close 1001 going away");
                            closedAt.add(System.nanoTime());
                            client.close();
                        },
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        goodbyes.forEach(CompletableFuture::join);
        stopped.join();

        // 500 and more on the fuller loop, 500 a second; deadlines come by the quarter of a second.
        assertThat(Collections.max(closedAt) - Collections.min(closedAt))
                .isGreaterThan(Duration.ofMillis(700).toNanos());
    }

    @Test
    void aClientWhoseProtocolHasNoWordForItIsOnlyClosed() {
        TestServer server = TestServer.start();
        try (RawClient minimal = server.open("/")) {
            assertThat(minimal.read()).contains("welcome");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
            assertThat(minimal.read()).isEqualTo("close 1001 going away");
            minimal.close();
            stopped.join();
        }
    }
}
