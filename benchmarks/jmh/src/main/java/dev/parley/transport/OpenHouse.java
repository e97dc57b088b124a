// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.auth.SealedResumeTokens;
import dev.parley.config.AppSettings;
import dev.parley.config.ContinuitySettings;
import dev.parley.config.KeyRights;
import dev.parley.config.ListenerSettings;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.PresenceSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.ServiceSettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.IceServers;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.relay.NodeBudgets;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.metrics.EventCounters;
import dev.parley.microbench.NoLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A site that serves v1 to everyone of this machine, counted as a server counts, with {@link Unlimited} messages. */
final class OpenHouse {

    /** Where clients connect. */
    static final String PATH = "/v1?key=" + ServerSettings.DEVELOPMENT_KEY;

    private OpenHouse() {}

    static ListenerServices services(FrameFactory frames) {
        ServerSettings settings = settings();
        EventCounters counts = new EventCounters();
        KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system(), counts);
        keys.reload(settings.apps());
        CoreServices core = CoreServices.of(
                settings,
                () -> 0,
                SealedResumeTokens.of(Optional.empty()),
                new NodeBudgets(NoLimits.memory(), NoLimits.heap(), 1),
                counts,
                null);
        V1Dialect v1 = new V1Dialect(
                core, frames, keys, ArrivalThrottle.NONE, IceServers.NONE, InstantSource.system(), settings);
        return new ListenerServices(
                List.of(v1),
                Map.of(),
                null,
                ListenerServices.Guests.THIS_MACHINE,
                ArrivalThrottle.NONE,
                ProxySettings.none(),
                counts);
    }

    private static ServerSettings settings() {
        PublishableKey key = new PublishableKey(ServerSettings.DEVELOPMENT_KEY, KeyRights.all(), List.of());
        ServiceSettings services = new ServiceSettings(
                List.of(),
                MinimalSettings.open(),
                Optional.of(ServerSettings.DEVELOPMENT_KEY),
                true,
                false,
                PresenceSettings.defaults(),
                ContinuitySettings.defaults());
        return new ServerSettings(
                ServerSettings.Mode.DEVELOPMENT,
                List.of(AppSettings.of("demo", List.of(key), List.of())),
                ListenerSettings.at(Optional.empty(), Optional.empty()),
                services,
                Unlimited.limits(),
                LogSettings.defaults(),
                Optional.empty());
    }
}
