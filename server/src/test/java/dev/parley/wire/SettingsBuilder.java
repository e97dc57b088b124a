// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.ClusterSettings;
import dev.parley.config.ContinuitySettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.HostPort;
import dev.parley.config.IceServer;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.ListenerSettings;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.PresenceSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.ServiceSettings;
import dev.parley.config.TlsSettings;
import java.util.List;
import java.util.Optional;

/** Settings for tests: on any port, development mode unless apps are given. */
public final class SettingsBuilder {

    public static final Secret SECRET = new Secret("sk_secret_0123456789abcdef0123456789abcdef");
    private static final Optional<HostPort> ANYWHERE = Optional.of(new HostPort("127.0.0.1", 0));

    private ServerSettings.Mode mode = ServerSettings.Mode.DEVELOPMENT;
    private List<AppSettings> apps = List.of(AppSettings.of(
            "demo",
            List.of(new PublishableKey(ServerSettings.DEVELOPMENT_KEY, KeyRights.all(), List.of())),
            List.of(new SecretKey(ServerSettings.DEVELOPMENT_SECRET_KEY, SECRET, KeyRights.all()))));
    private List<IceServer> iceServers = List.of();
    private MinimalSettings minimal = MinimalSettings.open();
    private boolean isStrictHttpReject;
    private ProxySettings proxies = ProxySettings.none();
    private ClientLimits limits = ClientLimits.defaults();
    private KeepaliveSettings keepalive = KeepaliveSettings.defaults();
    private PresenceSettings presence = PresenceSettings.defaults();
    private ContinuitySettings continuity = ContinuitySettings.defaults();
    private DrainSettings drain = DrainSettings.defaults();
    private Optional<TlsSettings> tls = Optional.empty();
    private Optional<ClusterSettings> cluster = Optional.empty();

    /** These tenants, and the other defaults of a configuration. */
    public SettingsBuilder apps(AppSettings... configured) {
        mode = ServerSettings.Mode.CONFIGURED;
        apps = List.of(configured);
        return this;
    }

    public SettingsBuilder iceServers(IceServer... configured) {
        iceServers = List.of(configured);
        return this;
    }

    public SettingsBuilder minimal(MinimalSettings settings) {
        minimal = settings;
        return this;
    }

    public SettingsBuilder strictHttpReject() {
        isStrictHttpReject = true;
        return this;
    }

    public SettingsBuilder proxies(ProxySettings settings) {
        proxies = settings;
        return this;
    }

    public SettingsBuilder limits(ClientLimits settings) {
        limits = settings;
        return this;
    }

    public SettingsBuilder keepalive(KeepaliveSettings settings) {
        keepalive = settings;
        return this;
    }

    public SettingsBuilder presence(PresenceSettings settings) {
        presence = settings;
        return this;
    }

    public SettingsBuilder continuity(ContinuitySettings settings) {
        continuity = settings;
        return this;
    }

    public SettingsBuilder drain(DrainSettings settings) {
        drain = settings;
        return this;
    }

    /** One of several nodes, with the store at that address. */
    public SettingsBuilder cluster(String redis, String node) {
        return cluster(redis, node, 0);
    }

    /**
     * One of several nodes, whose store has replicas.
     *
     * @param replicas how many of them must have a decision
     */
    public SettingsBuilder cluster(String redis, String node, int replicas) {
        cluster = Optional.of(new ClusterSettings(
                redis,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(node),
                ClusterSettings.PREFIX,
                replicas));
        return this;
    }

    /** One of several nodes, with these settings. */
    public SettingsBuilder cluster(ClusterSettings settings) {
        cluster = Optional.of(settings);
        return this;
    }

    public SettingsBuilder tls(TlsSettings settings) {
        tls = Optional.of(settings);
        return this;
    }

    public ServerSettings build() {
        return new ServerSettings(
                mode,
                apps,
                new ListenerSettings(ANYWHERE, ANYWHERE, tls, proxies, keepalive, drain),
                new ServiceSettings(
                        iceServers,
                        minimal,
                        Optional.of(ServerSettings.DEVELOPMENT_KEY),
                        true,
                        isStrictHttpReject,
                        presence,
                        continuity),
                limits,
                LogSettings.defaults(),
                cluster);
    }
}
