// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.HostPort;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.core.port.Observer;
import dev.parley.core.session.MemoryBudget;
import dev.parley.transport.Site;
import dev.parley.transport.Tls;
import dev.parley.transport.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A running Parley: made whole by {@link #start}, gone after {@link #close}. */
public final class Server implements AutoCloseable {

    /** What the loops may take to end when the time of draining is over. */
    private static final Duration ENDING = Duration.ofMillis(700);

    private final Transport clients;
    private final Transport operators;
    private final Services services;
    private final @Nullable Tls tls;
    private final HostPort listen;
    private final HostPort admin;
    private final Duration drainTimeout;

    private Server(
            Transport clients,
            Transport operators,
            Services services,
            @Nullable Tls tls,
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
    public static Server start(Settings settings) throws SettingException {
        Transport clients = new Transport(
                settings.limits(), settings.keepalive(), settings.drain(), Memory.arrivals(Transport.directMemory()));
        Transport operators = Transport.forOperators(settings.limits(), settings.keepalive());
        try {
            MemoryBudget memory = Memory.budget(
                    Transport.directMemory(), settings.continuity().totalBytes());
            Services services = new Services(settings, clients.frames(), memory, Memory.heap());
            Tls tls = settings.tls().isPresent() ? Tls.with(settings.tls().get()) : null;
            Site site =
                    tls == null ? services.publicSite() : services.publicSite().over(tls);
            HostPort listen = new Listening(clients)
                    .at(settings.listen().orElse(new HostPort("localhost", Settings.LISTEN_PORT)), site, "listen");
            HostPort wanted = settings.admin().orElse(new HostPort("127.0.0.1", Settings.ADMIN_PORT));
            Listening inside = new Listening(operators);
            HostPort admin = settings.mode() == Settings.Mode.DEVELOPMENT
                    ? inside.atOrElsewhere(wanted, services.adminSite(), "admin")
                    : inside.at(wanted, services.adminSite(), "admin");
            services.readiness().become(Readiness.Stage.READY);
            return new Server(
                    clients,
                    operators,
                    services,
                    tls,
                    listen,
                    admin,
                    settings.drain().timeout());
        } catch (SettingException | RuntimeException e) {
            clients.close();
            operators.close();
            throw e;
        }
    }

    /** Where clients connect. */
    public HostPort listen() {
        return listen;
    }

    /** Whether clients connect over TLS. */
    public boolean isTls() {
        return tls != null;
    }

    /** Where operators look. */
    public HostPort admin() {
        return admin;
    }

    /** Is told what operators want to know. */
    public Observer observer() {
        return services.observer();
    }

    /** The longest that {@link #close} takes. */
    public Duration closeTime() {
        return drainTimeout.plus(ENDING);
    }

    /**
     * Is not ready from now on, takes no new clients, warns and closes those there, and returns when all are gone or
     * after {@link #closeTime}, whatever the loops are doing then. Operators are answered until then.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + closeTime().toNanos();
        services.readiness().become(Readiness.Stage.DRAINING);
        services.goingAway();
        clients.close(until(end));
        operators.close(until(end));
        if (tls != null) {
            tls.close();
        }
    }

    private static Duration until(long end) {
        return Duration.ofNanos(Math.max(end - System.nanoTime(), 0));
    }

    /** From now on these apps, keys, limits, ICE servers and the certificate count; who is connected stays, as far as it may. */
    public void reload(Settings settings) {
        services.become(settings);
        if (tls != null && settings.tls().isPresent()) {
            tls.become(settings.tls().get());
        }
    }
}
