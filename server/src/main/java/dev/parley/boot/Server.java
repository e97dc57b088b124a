// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.auth.DevelopmentKey;
import dev.parley.config.HostPort;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.control.Health;
import dev.parley.core.port.Route;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.page.StaticPage;
import dev.parley.transport.Site;
import dev.parley.transport.Transport;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A running Parley: made whole by {@link #start}, gone after {@link #close}. */
public final class Server implements AutoCloseable {

    private final Transport transport;
    private final HostPort listen;
    private final HostPort admin;

    private Server(Transport transport, HostPort listen, HostPort admin) {
        this.transport = transport;
        this.listen = listen;
        this.admin = admin;
    }

    /**
     * Starts serving.
     *
     * @throws SettingException if an address cannot be listened on
     */
    public static Server start(Settings settings) throws SettingException {
        Transport transport = new Transport(settings.limits(), settings.keepalive(), settings.drain());
        try {
            Listening listening = new Listening(transport);
            Site site = publicSite(transport, settings);
            HostPort listen = settings.listen().isPresent()
                    ? listening.at(settings.listen().get(), site, "listen")
                    : listening.at(new HostPort("localhost", Settings.LISTEN_PORT), site, "listen");
            HostPort admin = listening.atOrElsewhere(
                    settings.admin().orElse(new HostPort("127.0.0.1", Settings.ADMIN_PORT)), adminSite(), "admin");
            return new Server(transport, listen, admin);
        } catch (SettingException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    /** Where clients connect. */
    public HostPort listen() {
        return listen;
    }

    /** Where operators look. */
    public HostPort admin() {
        return admin;
    }

    /** Takes no new clients, tells those there, and returns when all are gone or their time is up. */
    @Override
    public void close() {
        transport.close();
    }

    private static Site publicSite(Transport transport, Settings settings) {
        MinimalDialect minimal =
                new MinimalDialect(transport.frames(), settings.limits().outboundBytes());
        V1Dialect v1 = new V1Dialect(
                transport.frames(),
                new DevelopmentKey(),
                InstantSource.system(),
                settings.limits(),
                settings.presence());
        Map<String, Route> routes = new HashMap<>(StaticPage.routes());
        routes.put("/health", new Health());
        return Site.local(List.of(v1, minimal), routes);
    }

    private static Site adminSite() {
        return Site.local(List.of(), Map.of("/health", new Health()));
    }
}
