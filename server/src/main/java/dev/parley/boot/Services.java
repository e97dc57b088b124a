// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.auth.AddressThrottle;
import dev.parley.auth.Keys;
import dev.parley.auth.SealedResumeTokens;
import dev.parley.config.Insecurity;
import dev.parley.config.Proxies;
import dev.parley.config.Settings;
import dev.parley.control.Health;
import dev.parley.control.OpenApi;
import dev.parley.control.RestApi;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.Api;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Observer;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.Route;
import dev.parley.core.port.Throttle;
import dev.parley.core.relay.Relays;
import dev.parley.core.session.MemoryBudget;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.metrics.Counts;
import dev.parley.metrics.MetricsPage;
import dev.parley.page.StaticPage;
import dev.parley.transport.Site;
import dev.parley.turn.ConfiguredIceServers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything a server does for whom it listens to, wired together: what is served at the two addresses. */
final class Services {

    private final Settings settings;
    private final Counts counts = new Counts();
    private final Observer observer = new CountedAndLogged(counts, new RefusalLog(System::nanoTime));
    private final Readiness readiness = new Readiness();
    private final Throttle throttle;
    private final Keys keys;
    private final ConfiguredIceServers iceServers;
    private final V1Dialect v1;
    private final List<Dialect> dialects = new ArrayList<>();
    private final Api rest;
    private final ServerState state;

    /**
     * @param frames makes what clients are sent
     * @param memory for the messages that wait
     * @param heap for connections and subscriptions
     */
    Services(Settings settings, Frames frames, MemoryBudget memory, FairShares heap) {
        InstantSource clock = InstantSource.system();
        this.settings = settings;
        this.throttle = AddressThrottle.of(settings.limits(), System::nanoTime);
        this.keys = new Keys(clock, observer);
        this.iceServers = new ConfiguredIceServers(clock);
        this.v1 = new V1Dialect(
                frames, keys, throttle, observer, iceServers, resumeTokens(), clock, settings, memory, heap);
        dialects.add(v1);
        if (settings.minimal().isEnabled()) {
            dialects.add(new MinimalDialect(
                    frames, throttle, observer, settings.minimal(), settings.limits(), memory.share(), heap));
        }
        this.rest = new RestApi(keys, keys, relays(), iceServers, throttle, clock, System::nanoTime, settings.limits());
        this.state = new ServerState(Build.version(), relays(), v1.sessions(), memory, readiness);
        become(settings);
    }

    /** What may change while the server runs: from now on it counts, and everyone looks at what they may still do. */
    void become(Settings changed) {
        state.become(Insecurity.of(changed));
        iceServers.become(changed.iceServers());
        relays().become(changed.apps()); // before the keys: nobody meets an app without its limits
        keys.become(changed.apps());
        relays().reconsider();
    }

    /** The server stops: what is kept for clients that are away will not reach them. */
    void goingAway() {
        v1.sessions().goingAway();
    }

    /** Is told everything operators want to know. */
    Observer observer() {
        return observer;
    }

    /** Whether new clients should be sent here. */
    Readiness readiness() {
        return readiness;
    }

    /** For clients and back ends. */
    Site publicSite() {
        Site.Guests guests =
                settings.mode() == Settings.Mode.DEVELOPMENT ? Site.Guests.THIS_MACHINE : Site.Guests.EVERYONE;
        return new Site(dialects, publicRoutes(), rest, guests, throttle, settings.proxies(), observer);
    }

    /** For operators. */
    Site adminSite() {
        Map<String, Route> routes =
                Map.of("/health", new Health(), "/ready", readiness, "/metrics", new MetricsPage(counts, state));
        return new Site(
                List.of(),
                routes,
                null,
                Site.Guests.THIS_MACHINE_AND_ITS_PROXIES,
                Throttle.NONE,
                Proxies.none(),
                observer);
    }

    /** The pages are for whoever may use what they use without being asked for a key. */
    private Map<String, Route> publicRoutes() {
        Map<String, Route> routes = new HashMap<>();
        boolean hasTwoTabPage =
                settings.minimal().isEnabled() && settings.minimal().key().isEmpty();
        if (settings.pageKey().isPresent()) {
            routes.putAll(StaticPage.callPage(settings.pageKey().get(), hasTwoTabPage));
        } else if (!settings.minimal().isEnabled()) {
            routes.put("/", StaticPage.noCallPage());
        }
        if (hasTwoTabPage) {
            routes.putAll(StaticPage.twoTabPage());
        }
        routes.putAll(StaticPage.client(Build.version()));
        routes.put("/health", new Health());
        routes.put(OpenApi.PATH, new OpenApi());
        return routes;
    }

    private ResumeTokens resumeTokens() {
        return SealedResumeTokens.of(settings.continuity().secret());
    }

    private Relays relays() {
        return v1.relays();
    }
}
