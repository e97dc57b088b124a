// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.auth.AddressThrottle;
import dev.parley.auth.KeyAuthenticator;
import dev.parley.auth.SealedResumeTokens;
import dev.parley.config.InsecureSetting;
import dev.parley.config.ProxySettings;
import dev.parley.config.ServerSettings;
import dev.parley.control.ApiCredentials;
import dev.parley.control.ApiSettings;
import dev.parley.control.HealthRoute;
import dev.parley.control.OpenApi;
import dev.parley.control.RestApi;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpRoute;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SharedReplies;
import dev.parley.core.relay.AppDirectories;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.relay.NodeBudgets;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.metrics.EventCounters;
import dev.parley.metrics.MetricsPage;
import dev.parley.page.StaticPage;
import dev.parley.transport.ListenerServices;
import dev.parley.turn.ConfiguredIceServers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everything a server does for whom it listens to, wired together: what is served at the two addresses. */
final class ServerAssembly {

    private final ServerSettings settings;
    private final EventCounters counts = new EventCounters();
    private final ServerObserver observer = new CountingLogObserver(counts, new RefusalLog(System::nanoTime));
    private final ReadinessRoute readiness;
    private final @Nullable ClusterNode cluster;
    private final ArrivalThrottle throttle;
    private final KeyAuthenticator keys;
    private final ConfiguredIceServers iceServers;
    private final CoreServices core;
    private final List<Dialect> dialects = new ArrayList<>();
    private final HttpApi rest;
    private final ServerState state;

    /**
     * @param frames makes what clients are sent
     * @param budgets what the apps share
     */
    ServerAssembly(ServerSettings settings, FrameFactory frames, NodeBudgets budgets) {
        InstantSource clock = InstantSource.system();
        this.settings = settings;
        ClusterNode node =
                settings.cluster().map(it -> new ClusterNode(it, observer)).orElse(null);
        this.cluster = node;
        this.readiness = node == null
                ? new ReadinessRoute(null, () -> true)
                : new ReadinessRoute(node.name(), node::isConnected);
        this.throttle = AddressThrottle.of(settings.limits().address(), System::nanoTime);
        this.keys = new KeyAuthenticator(clock, observer);
        this.iceServers = new ConfiguredIceServers(clock);
        ResumeTokens tokens =
                SealedResumeTokens.of(settings.services().continuity().secret());
        this.core = CoreServices.of(
                settings,
                () -> TimeUnit.MILLISECONDS.toSeconds(clock.millis()),
                tokens,
                budgets,
                observer,
                node == null ? null : node.coordinator());
        dialects.add(new V1Dialect(core, frames, keys, throttle, iceServers, clock, settings));
        if (settings.services().minimal().isEnabled()) {
            dialects.add(new MinimalDialect(
                    core, frames, throttle, settings.services().minimal()));
        }
        this.rest = new RestApi(
                new ApiCredentials(keys, keys, throttle),
                directories(),
                iceServers,
                node == null ? SharedReplies.NONE : node.replies(),
                clock,
                System::nanoTime,
                new ApiSettings(
                        settings.limits().request(),
                        settings.services().continuity().secret()));
        this.state = new ServerState(BuildInfo.version(), core, budgets.memory(), readiness);
        reload(settings);
    }

    /** What may change while the server runs: from now on it counts, and everyone looks at what they may still do. */
    void reload(ServerSettings changed) {
        state.setInsecure(InsecureSetting.of(changed));
        iceServers.reload(changed.services().iceServers());
        directories().reload(changed.apps()); // before the keys: nobody meets an app without its limits
        keys.reload(changed.apps());
        directories().reconsider();
    }

    /** The server stops: what is kept for clients that are away will not reach them. */
    void drain() {
        core.sessions().drain();
    }

    /** Runs the task once the server can serve everything: now, unless it has to reach the store of a cluster first. */
    void whenReady(Runnable task) {
        if (cluster == null) {
            task.run();
        } else {
            cluster.whenConnected(task);
        }
    }

    /** Applies to the clients here no more of what is decided: their loops are about to end. */
    void stopFollowingCluster() {
        if (cluster != null) {
            cluster.stopApplying();
        }
    }

    /** Leaves the cluster, after all clients are gone. */
    void leaveCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Returns the observer that counts and logs events. */
    ServerObserver observer() {
        return observer;
    }

    /** Whether new clients should be sent here. */
    ReadinessRoute readiness() {
        return readiness;
    }

    /** Returns what clients and back ends are served. */
    ListenerServices publicSite() {
        ListenerServices.Guests guests = settings.mode() == ServerSettings.Mode.DEVELOPMENT
                ? ListenerServices.Guests.THIS_MACHINE
                : ListenerServices.Guests.EVERYONE;
        return new ListenerServices(
                dialects,
                publicRoutes(),
                rest,
                guests,
                throttle,
                settings.listeners().proxies(),
                observer);
    }

    /** Returns what operators are served. */
    ListenerServices adminSite() {
        return new ListenerServices(
                List.of(),
                Map.of("/health", new HealthRoute(), "/ready", readiness),
                new MetricsPage(counts, state),
                ListenerServices.Guests.THIS_MACHINE_AND_ITS_PROXIES,
                ArrivalThrottle.NONE,
                ProxySettings.none(),
                observer);
    }

    /** The pages are for whoever may use what they use without being asked for a key. */
    private Map<String, HttpRoute> publicRoutes() {
        Map<String, HttpRoute> routes = new HashMap<>();
        boolean hasTwoTabPage = settings.services().minimal().isEnabled()
                && settings.services().minimal().key().isEmpty();
        if (settings.services().pageKey().isPresent()) {
            routes.putAll(StaticPage.callPage(settings.services().pageKey().get(), hasTwoTabPage));
        } else if (!settings.services().minimal().isEnabled()) {
            routes.put("/", StaticPage.noCallPage());
        }
        if (hasTwoTabPage) {
            routes.putAll(StaticPage.twoTabPage());
        }
        routes.putAll(StaticPage.client(BuildInfo.version()));
        routes.put("/health", new HealthRoute());
        routes.put(OpenApi.PATH, new OpenApi());
        return routes;
    }

    private AppDirectories directories() {
        return core.directories();
    }
}
