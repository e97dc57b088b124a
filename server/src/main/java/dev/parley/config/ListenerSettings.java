// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.Optional;

/**
 * Where the server is reached, and how its sockets are treated.
 *
 * @param listen where clients connect; empty for the default port on every loopback address
 * @param admin where operators look; empty for the default port on loopback
 * @param tls the certificate for clients; empty for plain connections
 * @param proxies the proxies whose statement of a client's address is believed
 * @param keepalive how a dead client is noticed
 * @param drain how the server stops
 */
public record ListenerSettings(
        Optional<HostPort> listen,
        Optional<HostPort> admin,
        Optional<TlsSettings> tls,
        ProxySettings proxies,
        KeepaliveSettings keepalive,
        DrainSettings drain) {

    /** The port clients connect to by default. */
    public static final int LISTEN_PORT = 8080;

    /** The port operators look at by default. */
    public static final int ADMIN_PORT = 9090;

    /** Returns settings with these addresses and defaults for everything else. */
    public static ListenerSettings at(Optional<HostPort> listen, Optional<HostPort> admin) {
        return new ListenerSettings(
                listen,
                admin,
                Optional.empty(),
                ProxySettings.none(),
                KeepaliveSettings.defaults(),
                DrainSettings.defaults());
    }

    /** Returns a copy with another certificate, or none. */
    ListenerSettings withTls(Optional<TlsSettings> other) {
        return new ListenerSettings(listen, admin, other, proxies, keepalive, drain);
    }
}
