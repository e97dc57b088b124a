// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.DrainSettings;
import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bounds are of seconds
class DrainTest {

    private static final String GOING_AWAY = "text {\"type\":\"going_away\",\"retryAfterMs\":1000}";

    @Test
    void aServerThatStopsWarnsEveryClientAndLetsThemGoEvenlyOverItsSpread() {
        Duration spread = Duration.ofSeconds(5);
        TestServer server = TestServer.start(new SettingsBuilder()
                .drain(new DrainSettings(spread, Duration.ofSeconds(20)))
                .build());
        List<RawClient> clients = IntStream.range(0, 1000)
                .mapToObj(i -> server.open("/v1?key=pk_live_demo"))
                .toList();
        clients.forEach(client -> assertThat(client.read()).contains("welcome"));
        long begin = System.nanoTime();
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

        assertThat(closedAt).hasSize(1000);
        List<Long> inOrder = closedAt.stream().map(at -> at - begin).sorted().toList();
        for (int i = 100; i < 1000; i++) { // a busy machine is late, which makes no crowd
            assertThat(inOrder.get(i))
                    .as("nanoseconds until %d had to go", i)
                    .isGreaterThanOrEqualTo(spread.toNanos() * (i - 100) / 1000);
        }
    }

    @Test
    void aHandfulOfClientsIsGoneAtOnce() {
        TestServer server = TestServer.start();
        try (RawClient client = server.open("/v1?key=pk_live_demo")) {
            assertThat(client.read()).contains("welcome");
            long begin = System.nanoTime();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
            assertThat(client.read()).isEqualTo(GOING_AWAY);
            assertThat(client.read()).isEqualTo("close 1001 going away");
            client.close();
            stopped.join();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }
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
