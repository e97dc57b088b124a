// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;
import java.util.Optional;

/**
 * All settings of a server.
 *
 * @param mode whether anything was configured
 * @param listen where clients connect; empty for the default port on every loopback address
 * @param admin where operators look; empty for the default port on loopback
 * @param iceServers the ICE servers for clients, in this order
 * @param apps the tenants, each id and each key id once
 * @param minimal who may use the minimal protocol
 * @param pageKey the publishable key of the call page at {@code GET /}; without one there is no page
 * @param hasWildcards whether clients may subscribe to patterns of channels
 * @param isStrictHttpReject whether foreign origins and unreadable tokens are answered by HTTP 401, not by 4001
 * @param proxies whose word on a client's address is taken
 * @param continuity what is kept of clients that lost their sockets
 * @param tls what clients are met with over TLS; empty for plain connections
 */
public record ServerSettings(
        Mode mode,
        Optional<HostPort> listen,
        Optional<HostPort> admin,
        List<IceServer> iceServers,
        List<AppSettings> apps,
        MinimalSettings minimal,
        Optional<String> pageKey,
        boolean hasWildcards,
        boolean isStrictHttpReject,
        ProxySettings proxies,
        ClientLimits limits,
        KeepaliveSettings keepalive,
        PresenceSettings presence,
        ContinuitySettings continuity,
        DrainSettings drain,
        LogSettings log,
        Optional<TlsSettings> tls) {

    /** The port clients connect to by default. */
    public static final int LISTEN_PORT = 8080;

    /** The port operators look at by default. */
    public static final int ADMIN_PORT = 9090;

    /** The open key of development mode, no secret. */
    public static final String DEVELOPMENT_KEY = "pk_live_demo";

    /** The id of the secret key of development mode. */
    public static final String DEVELOPMENT_SECRET_KEY = "sk_id_demo";

    /**
     * What seals resume tokens in development mode, no secret: clients keep their peer ids when the server is started
     * again.
     */
    public static final Secret DEVELOPMENT_CONTINUITY_SECRET = new Secret("in development mode there are no secrets");

    /** How the server was started. */
    public enum Mode {
        /** Without any keys: for this machine only, and a taken admin port moves. */
        DEVELOPMENT,
        /** With keys. */
        CONFIGURED
    }

    /** Keeps copies. */
    public ServerSettings {
        iceServers = List.copyOf(iceServers);
        apps = List.copyOf(apps);
    }

    /**
     * Development mode: nothing is configured, so nobody but this machine may connect.
     *
     * @param secret of the secret key {@link #DEVELOPMENT_SECRET_KEY}, new each time
     * @throws SettingException if an address is not a loopback one
     */
    public static ServerSettings development(Optional<HostPort> listen, Optional<HostPort> admin, Secret secret)
            throws SettingException {
        if (listen.isPresent() && !listen.get().isLoopback()) {
            throw new SettingException("listen " + listen.get()
                    + " is refused: without configured keys anyone could use this server, so only"
                    + " localhost, 127.0.0.1 and [::1] are allowed");
        }
        if (admin.isPresent() && !admin.get().isLoopback()) {
            throw new SettingException(
                    "admin " + admin.get() + " is refused: only localhost, 127.0.0.1 and [::1] are allowed");
        }
        AppSettings demo = AppSettings.of(
                "demo",
                List.of(new PublishableKey(DEVELOPMENT_KEY, KeyRights.all(), List.of())),
                List.of(new SecretKey(DEVELOPMENT_SECRET_KEY, secret, KeyRights.all())));
        return new ServerSettings(
                Mode.DEVELOPMENT,
                listen,
                admin,
                List.of(),
                List.of(demo),
                MinimalSettings.open(),
                Optional.of(DEVELOPMENT_KEY),
                true,
                false,
                ProxySettings.none(),
                ClientLimits.defaults(),
                KeepaliveSettings.defaults(),
                PresenceSettings.defaults(),
                ContinuitySettings.defaults().orWith(DEVELOPMENT_CONTINUITY_SECRET),
                DrainSettings.defaults(),
                LogSettings.defaults(),
                Optional.empty());
    }

    /** The same with other terms for sessions that outlive their sockets. */
    public ServerSettings withContinuity(ContinuitySettings other) {
        return with(other, tls);
    }

    /** The same with another certificate, or none. */
    public ServerSettings withTls(Optional<TlsSettings> other) {
        return with(continuity, other);
    }

    private ServerSettings with(ContinuitySettings otherContinuity, Optional<TlsSettings> otherTls) {
        return new ServerSettings(
                mode,
                listen,
                admin,
                iceServers,
                apps,
                minimal,
                pageKey,
                hasWildcards,
                isStrictHttpReject,
                proxies,
                limits,
                keepalive,
                presence,
                otherContinuity,
                drain,
                log,
                otherTls);
    }
}
