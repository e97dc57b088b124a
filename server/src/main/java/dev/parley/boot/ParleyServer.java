// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.HostPort;
import dev.parley.config.ListenerSettings;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.relay.NodeBudgets;
import dev.parley.core.session.MemoryBudget;
import dev.parley.transport.ListenerServices;
import dev.parley.transport.NettyTransport;
import dev.parley.transport.TlsCertificates;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A running Parley: made whole by {@link #start}, gone after {@link #close}. */
public final class ParleyServer implements AutoCloseable {

    /** What the loops may take to end when the time of draining is over. */
    private static final Duration ENDING = Duration.ofMillis(700);

    private final NettyTransport clients;
    private final NettyTransport operators;
    private final ServerAssembly services;
    private final @Nullable TlsCertificates tls;
    private final HostPort listen;
    private final HostPort admin;
    private final Duration drainTimeout;

    private ParleyServer(
            NettyTransport clients,
            NettyTransport operators,
            ServerAssembly services,
            @Nullable TlsCertificates tls,
            HostPort listen,
            HostPort admin,
            Duration drainTimeout) {
        this.clients = clients;
        this.operators = operators;
        this.services = services;
        this.tls = tls;
        this.listen = listen;
        this.admin = admin;
        this.drainTimeout = drainTimeout;
    }

    /**
     * Starts serving.
     *
     * @throws SettingException if an address cannot be listened on
     */
    public static ParleyServer start(ServerSettings settings) throws SettingException {
        NettyTransport clients = new NettyTransport(
                settings.limits(),
                settings.listeners().keepalive(),
                settings.listeners().drain(),
                MemoryPlan.arrivals(NettyTransport.directMemory()));
        NettyTransport operators = NettyTransport.forOperators(
                settings.limits(), settings.listeners().keepalive());
        try {
            MemoryBudget memory = MemoryPlan.budget(
                    NettyTransport.directMemory(),
                    settings.services().continuity().totalBytes());
            ServerAssembly services = new ServerAssembly(
                    settings, clients.frames(), new NodeBudgets(memory, MemoryPlan.heap(), NettyTransport.loops()));
            try {
                return listening(settings, clients, operators, services);
            } catch (SettingException | RuntimeException e) {
                services.leaveCluster();
                throw e;
            }
        } catch (SettingException | RuntimeException e) {
            clients.close();
            operators.close();
            throw e;
        }
    }

    private static ParleyServer listening(
            ServerSettings settings, NettyTransport clients, NettyTransport operators, ServerAssembly services)
            throws SettingException {
        TlsCertificates tls = settings.listeners().tls().isPresent()
                ? TlsCertificates.with(settings.listeners().tls().get())
                : null;
        ListenerServices site =
                tls == null ? services.publicSite() : services.publicSite().over(tls);
        HostPort listen = new ListenerSetup(clients)
                .at(
                        settings.listeners().listen().orElse(new HostPort("localhost", ListenerSettings.LISTEN_PORT)),
                        site,
                        "listen");
        HostPort wanted = settings.listeners().admin().orElse(new HostPort("127.0.0.1", ListenerSettings.ADMIN_PORT));
        ListenerSetup inside = new ListenerSetup(operators);
        HostPort admin = settings.mode() == ServerSettings.Mode.DEVELOPMENT
                ? inside.atOrElsewhere(wanted, services.adminSite(), "admin")
                : inside.at(wanted, services.adminSite(), "admin");
        services.readiness().transitionTo(ReadinessRoute.Stage.READY);
        return new ParleyServer(
                clients,
                operators,
                services,
                tls,
                listen,
                admin,
                settings.listeners().drain().timeout());
    }

    /**
     * Runs the task once the server can serve everything: now, on this thread, unless it has to reach the store of a
     * cluster first.
     */
    public void whenReady(Runnable task) {
        services.whenReady(task);
    }

    /** Returns the address for clients. */
    public HostPort listen() {
        return listen;
    }

    /** Whether clients connect over TLS. */
    public boolean isTls() {
        return tls != null;
    }

    /** Returns the address for operators. */
    public HostPort admin() {
        return admin;
    }

    /** Returns the observer that counts and logs events. */
    public ServerObserver observer() {
        return services.observer();
    }

    /** Returns how long {@link #close} takes at most. */
    public Duration closeTime() {
        return drainTimeout.plus(ENDING);
    }

    /** Is not ready from now on, so that load balancers send no new clients. {@link #close} follows. */
    public void withdraw() {
        services.readiness().transitionTo(ReadinessRoute.Stage.DRAINING);
    }

    /**
     * Is not ready from now on, takes no new clients, warns and closes those there, and returns when all are gone or
     * after {@link #closeTime}, whatever the loops are doing then. Operators are answered until then.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + closeTime().toNanos();
        withdraw();
        services.drain();
        clients.drain(until(end));
        services.stopFollowingCluster();
        clients.close(until(end));
        services.leaveCluster();
        operators.close(until(end));
        if (tls != null) {
            tls.close();
        }
    }

    private static Duration until(long end) {
        return Duration.ofNanos(Math.max(end - System.nanoTime(), 0));
    }

    /**
     * Replaces apps, keys, limits, ICE servers and the certificate. Clients that may be connected under the new ones
     * stay.
     */
    public void reload(ServerSettings settings) {
        services.reload(settings);
        if (tls != null && settings.listeners().tls().isPresent()) {
            tls.reload(settings.listeners().tls().get());
        }
    }
}
