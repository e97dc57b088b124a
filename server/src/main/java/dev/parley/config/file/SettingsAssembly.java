// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static java.util.Objects.requireNonNull;

import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.ClusterSettings;
import dev.parley.config.ContinuitySettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.IceServer;
import dev.parley.config.ListenerSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.ServerSettings;
import dev.parley.config.ServiceSettings;
import dev.parley.config.SettingException;
import dev.parley.config.TlsSettings;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads all sections, so that all faults are found, and builds the settings. */
final class SettingsAssembly {

    private SettingsAssembly() {}

    /**
     * The settings with these tenants.
     *
     * @param apps null if they have faults: then the rest is checked, and there are no settings
     */
    static ServerSettings of(SectionValues values, ServerSettings.Mode mode, @Nullable List<AppSettings> apps)
            throws SettingException {
        SettingFaults faults = new SettingFaults();
        faults.check(() -> ListenSection.check(values));
        List<IceServer> iceServers = faults.part(() -> IceServerSection.read(values));
        MinimalSettings minimal = faults.part(() -> MinimalSection.read(values, mode));
        Optional<String> pageKey = apps == null ? Optional.empty() : faults.part(() -> PageSection.read(values, apps));
        ProxySettings proxies = faults.part(() -> ProxySection.read(values));
        ClientLimits limits = faults.part(() -> LimitSection.read(values));
        ContinuitySettings continuity =
                limits == null ? null : faults.part(() -> ContinuitySection.read(values, mode, limits.message()));
        DrainSettings drain = faults.part(() -> DrainSection.read(values));
        Optional<TlsSettings> tls = faults.part(() -> TlsSection.read(values));
        Optional<ClusterSettings> cluster = faults.part(() -> ClusterSection.read(values));
        faults.throwIfAny();
        if (apps == null) {
            throw new SettingException(List.of()); // their faults were recorded where they were read
        }
        ListenerSettings listeners = new ListenerSettings(
                values.find(ListenSection.LISTEN),
                values.find(ListenSection.ADMIN),
                requireNonNull(tls),
                requireNonNull(proxies),
                KeepaliveSection.read(values),
                requireNonNull(drain));
        ServiceSettings services = new ServiceSettings(
                requireNonNull(iceServers),
                requireNonNull(minimal),
                requireNonNull(pageKey),
                values.get(AdmissionSection.WILDCARDS),
                values.get(AdmissionSection.STRICT_HTTP_REJECT),
                PresenceSection.read(values),
                requireNonNull(continuity));
        return new ServerSettings(
                mode,
                apps,
                listeners,
                services,
                requireNonNull(limits),
                LogSection.read(values),
                requireNonNull(cluster));
    }
}
