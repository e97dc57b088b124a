// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import dev.parley.cluster.StoreCoordinator;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.wire.SettingsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One process of several: two loops of clients, one of its coordinator. */
final class ClusterNode {

    final String name;
    final List<SimulatedLoop> clientLoops;
    final SimulatedFrames frames = new SimulatedFrames();
    final TestServer server;
    final V1Dialect dialect;
    private final List<SimulatedLoop> loops = new ArrayList<>();

    /** Nothing of it runs, and it does not notice. */
    boolean isFrozen;

    /** It is gone. */
    boolean isDead;

    /**
     * A node that runs.
     *
     * @param turns makes those in which signals for many are submitted and delivered
     * @param awaitsReplies see {@link StoreCoordinator}
     */
    ClusterNode(
            String name,
            SimulatedStore store,
            Interleaving interleaving,
            SettingsBuilder settings,
            Supplier<DeliveryTurns> turns,
            boolean awaitsReplies) {
        this.name = name;
        this.clientLoops = List.of(interleaving.loop(), interleaving.loop());
        SimulatedLoop own = interleaving.loop();
        loops.add(own);
        loops.addAll(clientLoops);
        StoreCoordinator coordinator =
                new StoreCoordinator(name, store.link(() -> !isDead), own, ServerObserver.NONE, awaitsReplies);
        this.server = TestServer.with()
                .settings(settings.build())
                .deliveries(turns.get())
                .submissions(turns.get())
                .coordinator(coordinator)
                .build(frames);
        this.dialect = server.v1();
    }

    boolean isRunning() {
        return !isFrozen && !isDead;
    }

    List<SimulatedLoop> loops() {
        return loops;
    }
}
