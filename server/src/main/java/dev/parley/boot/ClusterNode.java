// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.cluster.NodeLoop;
import dev.parley.cluster.StoreCoordinator;
import dev.parley.cluster.redis.RedisStore;
import dev.parley.config.ClusterSettings;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.ServerObserver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What makes this server one of several: the store, and the coordinator that decides by it. */
final class ClusterNode implements AutoCloseable {

    /** How long leaving may take: the clients are gone, and the store is notified. */
    private static final long LEAVING_MILLIS = 500;

    private static final int ID_BYTES = 8;

    /** Nodes look into the store at least once in half a second, or try to connect to it. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final NodeLoop loop;
    private final RedisStore store;
    private final StoreCoordinator coordinator;

    ClusterNode(ClusterSettings settings, ServerObserver observer) {
        SecureRandom random = new SecureRandom();
        this.store = new RedisStore(settings, () -> id(random), SETTLING);
        // Each start is another node: ids of sessions count from 1 again.
        String name = settings.node().orElseGet(ClusterNode::machine) + "." + id(random);
        this.loop = new NodeLoop(name);
        this.coordinator = new StoreCoordinator(name, store, loop, observer);
        store.start();
    }

    private static String id(SecureRandom random) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /** Whether this node follows what is decided. */
    boolean isConnected() {
        return coordinator.isConnected();
    }

    /** Leaves once the store knows that the sessions are over, or after a moment. */
    @Override
    public void close() {
        CountDownLatch decided = new CountDownLatch(1);
        coordinator.whenDecided(decided::countDown);
        try {
            decided.await(LEAVING_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
        store.close();
    }
}
