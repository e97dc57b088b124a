// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AppSettings;
import dev.parley.config.Drain;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.Presence;
import dev.parley.config.Proxies;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import java.util.List;
import java.util.Optional;

/** Makes settings of what was read, and checks what holds between them. */
final class Assembly {

    /** Messages of the largest size that may wait for a client at the least. */
    private static final int MESSAGES_WAITING = 4;

    private final Values values;

    private Assembly(Values values) {
        this.values = values;
    }

    /** The settings with these tenants. */
    static Settings of(Values values, Settings.Mode mode, List<AppSettings> apps) throws SettingException {
        return new Assembly(values).settings(mode, apps);
    }

    private Settings settings(Settings.Mode mode, List<AppSettings> apps) throws SettingException {
        return new Settings(
                mode,
                values.find(Keys.LISTEN),
                values.find(Keys.ADMIN),
                apps,
                minimal(mode),
                pageKey(apps),
                values.get(Keys.WILDCARDS),
                values.get(Keys.STRICT_HTTP_REJECT),
                proxies(),
                limits(),
                new Keepalive(values.get(Keys.PING), values.get(Keys.PING_TIMEOUT)),
                new Presence(
                        values.get(Keys.PRESENCE_DELAY), Presence.defaults().patience()),
                drain(),
                new LogSettings(values.get(Keys.LOG_FORMAT), values.get(Keys.LOG_LEVEL)));
    }

    private MinimalSettings minimal(Settings.Mode mode) throws SettingException {
        if (values.has(Keys.MINIMAL_KEY) && values.has(Keys.MINIMAL_KEY_FILE)) {
            throw values.place(Keys.MINIMAL_KEY_FILE).refused("either 'key' or 'keyFile' is allowed, not both");
        }
        boolean isEnabled = values.get(Keys.MINIMAL_ENABLED);
        List<String> origins = values.get(Keys.MINIMAL_ORIGINS);
        Optional<Secret> key = values.find(Keys.MINIMAL_KEY)
                .or(() -> values.find(Keys.MINIMAL_KEY_FILE))
                .flatMap(given -> given);
        if (mode == Settings.Mode.CONFIGURED && isEnabled && origins.isEmpty() && key.isEmpty()) {
            throw values.place(Keys.MINIMAL_ENABLED)
                    .refused("true would let anyone use the minimal protocol: it needs minimal.origins"
                            + " (\"*\" for any) or minimal.key");
        }
        return new MinimalSettings(isEnabled, origins, key);
    }

    private Optional<String> pageKey(List<AppSettings> apps) throws SettingException {
        Optional<String> key = values.find(Keys.PAGE_KEY);
        if (key.isPresent()
                && apps.stream()
                        .flatMap(app -> app.publishableKeys().stream())
                        .noneMatch(publishable -> publishable.id().equals(key.get()))) {
            throw values.place(Keys.PAGE_KEY).refused("must be the id of one of the publishable keys");
        }
        return key;
    }

    private Proxies proxies() throws SettingException {
        Proxies proxies = new Proxies(values.get(Keys.PROXIES), values.get(Keys.PROXY_PROTOCOL));
        if (proxies.isProxyProtocol() && proxies.ranges().isEmpty()) {
            throw values.place(Keys.PROXY_PROTOCOL)
                    .refused("true needs 'proxies': the addresses that must speak the PROXY protocol");
        }
        return proxies;
    }

    private Drain drain() throws SettingException {
        Drain drain = new Drain(values.get(Keys.DRAIN_SPREAD), values.get(Keys.DRAIN_TIMEOUT));
        if (drain.timeout().compareTo(drain.spread()) < 0) {
            boolean isSpread = values.isWritten(Keys.DRAIN_SPREAD) && !values.isWritten(Keys.DRAIN_TIMEOUT);
            throw values.place(isSpread ? Keys.DRAIN_SPREAD : Keys.DRAIN_TIMEOUT)
                    .refused("drain.timeout must not be less than drain.spread, and is "
                            + drain.timeout().toMillis() + "ms, less than "
                            + drain.spread().toMillis() + "ms");
        }
        return drain;
    }

    private Limits limits() {
        Limits defaults = Limits.defaults();
        int messageBytes = values.get(Keys.MESSAGE_BYTES);
        return new Limits(
                messageBytes,
                defaults.fragments(),
                values.get(Keys.MESSAGES_PER_SECOND),
                values.get(Keys.BURST),
                values.get(Keys.CHANNELS),
                defaults.messageTime(),
                defaults.controlFramesPerSecond(),
                defaults.controlFramesBurst(),
                Math.max(defaults.outboundBytes(), MESSAGES_WAITING * messageBytes),
                defaults.admissionTime(),
                defaults.closeTime(),
                defaults.headerBytes(),
                defaults.bodyBytes(),
                values.get(Keys.CONNECTS_PER_MINUTE),
                values.get(Keys.FAILURES_PER_MINUTE));
    }
}
