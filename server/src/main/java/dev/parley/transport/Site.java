// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.Proxies;
import dev.parley.core.port.Api;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Route;
import dev.parley.core.port.Throttle;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one listening address serves, and to whom.
 *
 * @param dialects asked in this order who takes a WebSocket
 * @param routes ordinary HTTP answers by path
 * @param api answers all other requests on its paths, if there is one
 * @param guests who may ask at all
 * @param throttle who may not ask for now
 * @param proxies whose word on a client's address is taken
 * @param observer is told who was turned away
 * @param tls what sockets have to speak first; null for plain sockets
 */
public record Site(
        List<Dialect> dialects,
        Map<String, Route> routes,
        @Nullable Api api,
        Guests guests,
        Throttle throttle,
        Proxies proxies,
        Observer observer,
        @Nullable Tls tls) {

    /** Who may ask at all. */
    public enum Guests {
        /** Programs on this machine, and pages it serves. */
        THIS_MACHINE,
        /** Likewise, and whom a proxy on this machine lets through. */
        THIS_MACHINE_AND_ITS_PROXIES,
        /** Everyone. */
        EVERYONE
    }

    /** Keeps copies. */
    public Site {
        dialects = List.copyOf(dialects);
        routes = Map.copyOf(routes);
    }

    /** On plain sockets. */
    public Site(
            List<Dialect> dialects,
            Map<String, Route> routes,
            @Nullable Api api,
            Guests guests,
            Throttle throttle,
            Proxies proxies,
            Observer observer) {
        this(dialects, routes, api, guests, throttle, proxies, observer, null);
    }

    /** The same over TLS. */
    public Site over(Tls other) {
        return new Site(dialects, routes, api, guests, throttle, proxies, observer, other);
    }

    /** For this machine, without an API, told about to nobody. */
    public static Site local(List<Dialect> dialects, Map<String, Route> routes) {
        return new Site(dialects, routes, null, Guests.THIS_MACHINE, Throttle.NONE, Proxies.none(), Observer.NONE);
    }

    /** The first dialect that serves the path, if any does. */
    @Nullable
    Dialect dialect(String path) {
        for (Dialect dialect : dialects) {
            if (dialect.serves(path)) {
                return dialect;
            }
        }
        return null;
    }

    /** The API if the path is one of its own. */
    @Nullable
    Api api(String path) {
        return api != null && api.serves(path) ? api : null;
    }
}
