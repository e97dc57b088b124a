// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.ProxySettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpRoute;
import dev.parley.core.port.ServerObserver;
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
 * @param observer counts and logs refused requests
 * @param tls what sockets have to speak first; null for plain sockets
 */
public record ListenerServices(
        List<Dialect> dialects,
        Map<String, HttpRoute> routes,
        @Nullable HttpApi api,
        Guests guests,
        ArrivalThrottle throttle,
        ProxySettings proxies,
        ServerObserver observer,
        @Nullable TlsCertificates tls) {

    /** The clients that may send requests at all. */
    public enum Guests {
        /** Programs on this machine, and pages it serves. */
        THIS_MACHINE,
        /** Programs on this machine, and clients behind a proxy on it. */
        THIS_MACHINE_AND_ITS_PROXIES,
        /** Everyone. */
        EVERYONE
    }

    /** Keeps copies. */
    public ListenerServices {
        dialects = List.copyOf(dialects);
        routes = Map.copyOf(routes);
    }

    /** Services on plain sockets. */
    public ListenerServices(
            List<Dialect> dialects,
            Map<String, HttpRoute> routes,
            @Nullable HttpApi api,
            Guests guests,
            ArrivalThrottle throttle,
            ProxySettings proxies,
            ServerObserver observer) {
        this(dialects, routes, api, guests, throttle, proxies, observer, null);
    }

    /** Returns the same services over TLS. */
    public ListenerServices over(TlsCertificates other) {
        return new ListenerServices(dialects, routes, api, guests, throttle, proxies, observer, other);
    }

    /** Returns services for this machine, without a REST API and without an observer. */
    public static ListenerServices local(List<Dialect> dialects, Map<String, HttpRoute> routes) {
        return new ListenerServices(
                dialects,
                routes,
                null,
                Guests.THIS_MACHINE,
                ArrivalThrottle.NONE,
                ProxySettings.none(),
                ServerObserver.NONE);
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
    HttpApi api(String path) {
        return api != null && api.serves(path) ? api : null;
    }
}
