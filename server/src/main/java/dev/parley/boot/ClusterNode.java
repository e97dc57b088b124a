// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.cluster.StoreCoordinator;
import dev.parley.cluster.redis.RedisStore;
import dev.parley.config.ClusterSettings;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SharedReplies;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What makes this server one of several: the store, and the coordinator that decides by it. */
final class ClusterNode implements AutoCloseable {

    /** How long each step of leaving may take. */
    private static final long LEAVING_MILLIS = 500;

    private static final int ID_BYTES = 8;

    /** Nodes look into the store at least once in half a second, or try to connect to it. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final RedisStore store;
    private final StoreCoordinator coordinator;

    ClusterNode(ClusterSettings settings, ServerObserver observer) {
        SecureRandom random = new SecureRandom();
        this.store = new RedisStore(settings, () -> id(random), SETTLING);
        // Each start is another node: ids of sessions count from 1 again.
        String name = settings.node().orElseGet(ClusterNode::machine) + "." + id(random);
        this.coordinator = new StoreCoordinator(name, store, store.loop(), observer, settings.replicas() > 0);
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

    /** Returns what all servers remember of requests of back ends. */
    SharedReplies replies() {
        return store.replies(name());
    }

    /** Returns the name of this node, which differs at each start. */
    String name() {
        return coordinator.node();
    }

    /** Runs the task once this node follows what is decided. */
    void whenConnected(Runnable task) {
        coordinator.whenConnected(task);
    }

    /** Whether this node follows what is decided. */
    boolean isConnected() {
        return coordinator.isConnected();
    }

    /** Applies nothing any more to the sessions here, which are about to end with their loops. */
    void stopApplying() {
        await(coordinator::stopApplying);
    }

    /** Leaves once the store knows that the sessions are over, or after a moment. */
    @Override
    public void close() {
        await(coordinator::leave);
        store.close();
    }

    /** Awaits that what is begun has been done, for a moment. */
    private static void await(Consumer<Runnable> begin) {
        CountDownLatch done = new CountDownLatch(1);
        begin.accept(done::countDown);
        try {
            done.await(LEAVING_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
