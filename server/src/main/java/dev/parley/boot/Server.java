// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.auth.AddressThrottle;
import dev.parley.auth.Keys;
import dev.parley.config.HostPort;
import dev.parley.config.Proxies;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.control.Health;
import dev.parley.control.OpenApi;
import dev.parley.control.RestApi;
import dev.parley.core.port.Api;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Route;
import dev.parley.core.port.Throttle;
import dev.parley.core.relay.Relays;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.page.StaticPage;
import dev.parley.transport.Site;
import dev.parley.transport.Tls;
import dev.parley.transport.Transport;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A running Parley: made whole by {@link #start}, gone after {@link #close}. */
public final class Server implements AutoCloseable {

    private final Transport transport;
    private final Keys keys;
    private final Relays relays;
    private final @Nullable Tls tls;
    private final HostPort listen;
    private final HostPort admin;

    private Server(Transport transport, Keys keys, Relays relays, @Nullable Tls tls, HostPort listen, HostPort admin) {
        this.transport = transport;
        this.keys = keys;
        this.relays = relays;
        this.tls = tls;
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
            InstantSource clock = InstantSource.system();
            Throttle throttle = AddressThrottle.of(settings.limits(), System::nanoTime);
            Keys keys = new Keys(clock);
            keys.become(settings.apps());
            Observer observer = new RefusalLog(System::nanoTime);
            V1Dialect v1 = new V1Dialect(transport.frames(), keys, throttle, observer, clock, settings);
            v1.relays().become(settings.apps());
            Api rest = new RestApi(
                    keys, v1.relays(), throttle, clock, settings.limits().bodyBytes());
            Tls tls = settings.tls().isPresent() ? Tls.with(settings.tls().get()) : null;
            Site plain = publicSite(transport, v1, rest, throttle, observer, settings);
            Site site = tls == null ? plain : plain.over(tls);
            HostPort listen = settings.listen().isPresent()
                    ? listening.at(settings.listen().get(), site, "listen")
                    : listening.at(new HostPort("localhost", Settings.LISTEN_PORT), site, "listen");
            HostPort wanted = settings.admin().orElse(new HostPort("127.0.0.1", Settings.ADMIN_PORT));
            HostPort admin = settings.mode() == Settings.Mode.DEVELOPMENT
                    ? listening.atOrElsewhere(wanted, adminSite(observer), "admin")
                    : listening.at(wanted, adminSite(observer), "admin");
            return new Server(transport, keys, v1.relays(), tls, listen, admin);
        } catch (SettingException | RuntimeException e) {
            transport.close();
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

    /** Takes no new clients, tells those there, and returns when all are gone or their time is up. */
    @Override
    public void close() {
        transport.close();
    }

    /** From now on these apps, keys, limits of apps and the certificate count; who is connected stays, as far as it still may. */
    public void reload(Settings settings) {
        relays.become(settings.apps()); // first: nobody meets an app without its limits
        keys.become(settings.apps());
        relays.reconsider();
        if (tls != null && settings.tls().isPresent()) {
            tls.become(settings.tls().get());
        }
    }

    private static Site publicSite(
            Transport transport, V1Dialect v1, Api rest, Throttle throttle, Observer observer, Settings settings) {
        List<Dialect> dialects = new ArrayList<>(List.of(v1));
        if (settings.minimal().isEnabled()) {
            dialects.add(new MinimalDialect(
                    transport.frames(),
                    throttle,
                    settings.minimal(),
                    settings.limits().outboundBytes()));
        }
        Site.Guests guests =
                settings.mode() == Settings.Mode.DEVELOPMENT ? Site.Guests.THIS_MACHINE : Site.Guests.EVERYONE;
        return new Site(dialects, publicRoutes(settings), rest, guests, throttle, settings.proxies(), observer);
    }

    /** The pages are for whoever may use what they use without being asked for a key. */
    private static Map<String, Route> publicRoutes(Settings settings) {
        Map<String, Route> routes = new HashMap<>();
        settings.pageKey().ifPresent(key -> routes.putAll(StaticPage.callPage(key)));
        if (settings.minimal().isEnabled() && settings.minimal().key().isEmpty()) {
            routes.putAll(StaticPage.twoTabPage());
        }
        routes.put("/health", new Health());
        routes.put(OpenApi.PATH, new OpenApi());
        return routes;
    }

    private static Site adminSite(Observer observer) {
        return new Site(
                List.of(),
                Map.of("/health", new Health()),
                null,
                Site.Guests.THIS_MACHINE_AND_ITS_PROXIES,
                Throttle.NONE,
                Proxies.none(),
                observer);
    }
}
