// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;
import java.util.Optional;

/**
 * All settings of a server.
 *
 * @param mode whether anything was configured
 * @param apps the tenants, each id and each key id once
 * @param listeners where it is reached, and how sockets are treated
 * @param services what it offers to clients
 * @param limits what clients may ask for
 * @param log what is logged
 * @param cluster how it is one with others; empty if it is alone
 */
public record ServerSettings(
        Mode mode,
        List<AppSettings> apps,
        ListenerSettings listeners,
        ServiceSettings services,
        ClientLimits limits,
        LogSettings log,
        Optional<ClusterSettings> cluster) {

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
        /** Clients need keys. */
        CONFIGURED
    }

    /** Keeps copies. */
    public ServerSettings {
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
                    + " localhost, 127.0.0.1 and [::1] are allowed; make a configuration with keys by"
                    + " './parley keys new', or set PARLEY_KEY and PARLEY_SECRET");
        }
        if (admin.isPresent() && !admin.get().isLoopback()) {
            throw new SettingException(
                    "admin " + admin.get() + " is refused: only localhost, 127.0.0.1 and [::1] are allowed");
        }
        AppSettings demo = AppSettings.of(
                "demo",
                List.of(new PublishableKey(DEVELOPMENT_KEY, KeyRights.all(), List.of())),
                List.of(new SecretKey(DEVELOPMENT_SECRET_KEY, secret, KeyRights.all())));
        ServiceSettings services = new ServiceSettings(
                List.of(),
                MinimalSettings.open(),
                Optional.of(DEVELOPMENT_KEY),
                true,
                false,
                PresenceSettings.defaults(),
                ContinuitySettings.defaults().orWith(DEVELOPMENT_CONTINUITY_SECRET));
        return new ServerSettings(
                Mode.DEVELOPMENT,
                List.of(demo),
                ListenerSettings.at(listen, admin),
                services,
                ClientLimits.defaults(),
                LogSettings.defaults(),
                Optional.empty());
    }

    /** The same with other terms for sessions that outlive their sockets. */
    public ServerSettings withContinuity(ContinuitySettings other) {
        return new ServerSettings(mode, apps, listeners, services.withContinuity(other), limits, log, cluster);
    }

    /** Returns a copy with another certificate, or none. */
    public ServerSettings withTls(Optional<TlsSettings> other) {
        return new ServerSettings(mode, apps, listeners.withTls(other), services, limits, log, cluster);
    }
}
