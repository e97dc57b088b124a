// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.auth.Keys;
import dev.parley.auth.SealedResumeTokens;
import dev.parley.config.AppSettings;
import dev.parley.config.Continuity;
import dev.parley.config.Drain;
import dev.parley.config.Keepalive;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.Presence;
import dev.parley.config.Proxies;
import dev.parley.config.PublishableKey;
import dev.parley.config.Rights;
import dev.parley.config.Settings;
import dev.parley.core.port.Frames;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Throttle;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.metrics.Counts;
import dev.parley.microbench.NoLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A site that serves v1 to everyone of this machine, counted as a server counts, with {@link Unlimited} messages. */
final class OpenHouse {

    /** Where clients connect. */
    static final String PATH = "/v1?key=" + Settings.DEVELOPMENT_KEY;

    private OpenHouse() {}

    static Site site(Frames frames) {
        Settings settings = settings();
        Counts counts = new Counts();
        Keys keys = new Keys(InstantSource.system(), counts);
        keys.become(settings.apps());
        V1Dialect v1 = new V1Dialect(
                frames,
                keys,
                Throttle.NONE,
                counts,
                IceServers.NONE,
                SealedResumeTokens.of(Optional.empty()),
                InstantSource.system(),
                settings,
                NoLimits.memory(),
                NoLimits.heap());
        return new Site(List.of(v1), Map.of(), null, Site.Guests.THIS_MACHINE, Throttle.NONE, Proxies.none(), counts);
    }

    private static Settings settings() {
        PublishableKey key = new PublishableKey(Settings.DEVELOPMENT_KEY, Rights.all(), List.of());
        return new Settings(
                Settings.Mode.DEVELOPMENT,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(AppSettings.of("demo", List.of(key), List.of())),
                MinimalSettings.open(),
                Optional.of(Settings.DEVELOPMENT_KEY),
                true,
                false,
                Proxies.none(),
                Unlimited.limits(),
                Keepalive.defaults(),
                Presence.defaults(),
                Continuity.defaults(),
                Drain.defaults(),
                LogSettings.defaults(),
                Optional.empty());
    }
}
