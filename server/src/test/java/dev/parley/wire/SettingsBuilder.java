// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.AppSettings;
import dev.parley.config.Continuity;
import dev.parley.config.Drain;
import dev.parley.config.HostPort;
import dev.parley.config.IceServer;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.Presence;
import dev.parley.config.Proxies;
import dev.parley.config.PublishableKey;
import dev.parley.config.Rights;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.Settings;
import dev.parley.config.TlsSettings;
import java.util.List;
import java.util.Optional;

/** Settings for tests: on any port, development mode unless apps are given. */
public final class SettingsBuilder {

    public static final Secret SECRET = new Secret("sk_secret_0123456789abcdef0123456789abcdef");
    private static final Optional<HostPort> ANYWHERE = Optional.of(new HostPort("127.0.0.1", 0));

    private Settings.Mode mode = Settings.Mode.DEVELOPMENT;
    private List<AppSettings> apps = List.of(AppSettings.of(
            "demo",
            List.of(new PublishableKey(Settings.DEVELOPMENT_KEY, Rights.all(), List.of())),
            List.of(new SecretKey(Settings.DEVELOPMENT_SECRET_KEY, SECRET, Rights.all()))));
    private List<IceServer> iceServers = List.of();
    private MinimalSettings minimal = MinimalSettings.open();
    private boolean isStrictHttpReject;
    private Proxies proxies = Proxies.none();
    private Limits limits = Limits.defaults();
    private Keepalive keepalive = Keepalive.defaults();
    private Presence presence = Presence.defaults();
    private Continuity continuity = Continuity.defaults();
    private Drain drain = Drain.defaults();
    private Optional<TlsSettings> tls = Optional.empty();

    /** These tenants, and what comes with a configuration. */
    public SettingsBuilder apps(AppSettings... configured) {
        mode = Settings.Mode.CONFIGURED;
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

    public SettingsBuilder proxies(Proxies settings) {
        proxies = settings;
        return this;
    }

    public SettingsBuilder limits(Limits settings) {
        limits = settings;
        return this;
    }

    public SettingsBuilder keepalive(Keepalive settings) {
        keepalive = settings;
        return this;
    }

    public SettingsBuilder presence(Presence settings) {
        presence = settings;
        return this;
    }

    public SettingsBuilder continuity(Continuity settings) {
        continuity = settings;
        return this;
    }

    public SettingsBuilder drain(Drain settings) {
        drain = settings;
        return this;
    }

    public SettingsBuilder tls(TlsSettings settings) {
        tls = Optional.of(settings);
        return this;
    }

    public Settings build() {
        return new Settings(
                mode,
                ANYWHERE,
                ANYWHERE,
                iceServers,
                apps,
                minimal,
                Optional.of(Settings.DEVELOPMENT_KEY),
                true,
                isStrictHttpReject,
                proxies,
                limits,
                keepalive,
                presence,
                continuity,
                drain,
                LogSettings.defaults(),
                tls);
    }
}
