// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.client.ClientSockets;
import dev.parley.client.Credential;
import dev.parley.client.ParleyClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Pairs of clients of {@code parley.v1} that signal to each other while their sockets are lost again and again. What
 * they say is numbered, so whatever is lost, comes twice or out of order is noticed.
 */
final class FlakyScenario {

    /** These clients come back soon, however short their connections are. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);

    private static final Duration MOST_PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What number and time take in the data. */
    private static final int USUAL_BYTES = 30;

    private static final long LOOK_NANOS = 20_000_000;

    private final URI server;
    private final Supplier<Credential> credentials;
    private final LoadSize load;
    private final Duration lifetime;
    private final FlakyCounts counts = new FlakyCounts();
    private final List<FlakyPeer> peers = new ArrayList<>();
    private final List<ParleyClient> clients = new ArrayList<>();

    /**
     * What is to happen.
     *
     * @param server with the path
     * @param credentials what the clients show, each the next
     * @param load how many, how fast in all, and for how long
     * @param lifetime of a socket at most; zero if the clients lose none by themselves
     */
    FlakyScenario(URI server, Supplier<Credential> credentials, LoadSize load, Duration lifetime) {
        this.server = server;
        this.credentials = credentials;
        this.load = load;
        this.lifetime = lifetime;
    }

    /** Runs the scenario, and returns its outcome. */
    BenchOutcome run(BenchRun.Steps steps, MeasuredSpan meter) throws InterruptedException {
        meter.before();
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("flaky-timer").factory())) {
            CuttingSockets cutting = new CuttingSockets(timer, lifetime.isZero() ? Duration.ofDays(1) : lifetime);
            try {
                connect(lifetime.isZero() ? ClientSockets.usual() : cutting);
                peers.forEach(peer -> peer.id().join());
                steps.ready();
                timer.scheduleAtFixedRate(
                        () -> steps.second(counts.arrivals(), counts.errors()), 1, 1, TimeUnit.SECONDS);
                meter.begin();
                long began = System.nanoTime();
                talk(began + load.duration().toNanos());
                awaitAll(System.nanoTime() + PATIENCE.toNanos());
                long took = System.nanoTime() - began;
                meter.end();
                return counts.outcome(took, unheard(), Map.of("cuts", (long) cutting.cuts()));
            } finally {
                counts.over();
                clients.forEach(ParleyClient::close);
                timer.shutdownNow();
            }
        }
    }

    private void connect(ClientSockets sockets) {
        for (int i = 0; i < (load.connections() & ~1); i++) {
            FlakyPeer peer =
                    new FlakyPeer(counts, "x".repeat(Math.max(0, load.data().length() - USUAL_BYTES)));
            Credential credential = credentials.get();
            peers.add(peer);
            clients.add(ParleyClient.builder(server)
                    .credentials(() -> credential)
                    .sockets(sockets)
                    .backoff(LEAST_PAUSE, MOST_PAUSE)
                    .connect(peer));
        }
    }

    /** Sends for each pair in turn, when it is due. */
    private void talk(long until) {
        long interval = TimeUnit.SECONDS.toNanos(1) / Math.max(1, load.rate());
        int turn = 0;
        for (long due = System.nanoTime(); due < until; due += interval) {
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            peers.get(turn).say(clients.get(turn), peers.get(turn ^ 1).id().join());
            turn = turn + 1 == peers.size() ? 0 : turn + 1;
        }
    }

    private void awaitAll(long until) {
        while (unheard() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private long unheard() {
        long unheard = 0;
        for (int i = 0; i < peers.size(); i++) {
            unheard += Math.max(0, peers.get(i).said() - peers.get(i ^ 1).received());
        }
        return unheard;
    }
}
