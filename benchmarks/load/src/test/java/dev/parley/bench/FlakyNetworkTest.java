// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.Credential;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Pairs of clients behind a network that cuts every connection at a random byte after a random time. The long run, of a
 * million messages over 200 pairs, is {@code mvn -pl benchmarks/load -am test -Dtest=FlakyNetworkTest
 * -Dflaky.seconds=600 -Dflaky.rate=1700 -Dflaky.connections=400 -Dflaky.lifetime=5}.
 */
class FlakyNetworkTest {

    private static final int SECONDS = Integer.getInteger("flaky.seconds", 6);
    private static final int RATE = Integer.getInteger("flaky.rate", 500);
    private static final int CONNECTIONS = Integer.getInteger("flaky.connections", 20);
    private static final int LIFETIME = Integer.getInteger("flaky.lifetime", 1);
    private static final int CHUNK = 2_000;

    @Test
    void nothingIsLostDuplicatedOrReorderedAndEverySessionGoesOn() throws InterruptedException {
        Random random = new Random(SECONDS);
        try (LocalServer server = LocalServer.start();
                FaultProxy network = new FaultProxy(server.port(), connection -> fault(random))) {
            LoadSize load = new LoadSize(
                    CONNECTIONS,
                    1,
                    RATE,
                    SignalData.json(200),
                    Duration.ZERO,
                    Duration.ofSeconds(SECONDS),
                    Duration.ZERO);
            FlakyScenario flaky = new FlakyScenario(
                    URI.create("ws://127.0.0.1:" + network.port() + "/v1"),
                    () -> Credential.key(ServerSettings.DEVELOPMENT_KEY),
                    load,
                    Duration.ZERO);

            BenchOutcome outcome = flaky.run(new BenchRun.Steps() {}, new MeasuredSpan() {});

            System.err.printf(
                    "%,d messages, %,d lost, %s, %,d cuts%n",
                    outcome.operations(), outcome.lost(), outcome.extras(), network.cuts());
            assertThat(outcome.firstError()).isEmpty();
            assertThat(outcome.errors()).isZero();
            assertThat(outcome.lost()).isZero();
            assertThat(outcome.operations()).isGreaterThanOrEqualTo((long) RATE * SECONDS);
            assertThat(outcome.extras().get("resumes")).isGreaterThan(CONNECTIONS);
        }
    }

    /** At a random byte of what passes after a fifth of the longest lifetime at least. */
    private static FaultProxy.Fault fault(Random random) {
        long millis = random.nextLong(LIFETIME * 200L, LIFETIME * 1000L);
        return FaultProxy.Fault.cutAfter(Duration.ofMillis(millis), random.nextInt(CHUNK));
    }
}
