// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static java.util.Objects.requireNonNull;

import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.ContinuitySettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.HostPort;
import dev.parley.config.IceServer;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.PresenceSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.TlsSettings;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes settings of what was read, and checks what holds between them. */
final class SettingsAssembly {

    /** Messages of the largest size that may wait for a client at the least. */
    private static final int MESSAGES_WAITING = 4;

    private final SectionValues values;

    private SettingsAssembly(SectionValues values) {
        this.values = values;
    }

    /**
     * The settings with these tenants.
     *
     * @param apps null if they have faults: then the rest is checked, and there are no settings
     */
    static ServerSettings of(SectionValues values, ServerSettings.Mode mode, @Nullable List<AppSettings> apps)
            throws SettingException {
        return new SettingsAssembly(values).settings(mode, apps);
    }

    private ServerSettings settings(ServerSettings.Mode mode, @Nullable List<AppSettings> apps)
            throws SettingException {
        SettingFaults faults = new SettingFaults();
        faults.check(this::checkAddresses);
        List<IceServer> iceServers = faults.part(() -> IceServerList.read(values));
        MinimalSettings minimal = faults.part(() -> minimal(mode));
        Optional<String> pageKey = apps == null ? Optional.empty() : faults.part(() -> pageKey(apps));
        ProxySettings proxies = faults.part(this::proxies);
        ClientLimits limits = faults.part(this::limits);
        ContinuitySettings continuity = limits == null ? null : faults.part(() -> continuity(mode, limits));
        DrainSettings drain = faults.part(this::drain);
        Optional<TlsSettings> tls = faults.part(this::tls);
        faults.throwIfAny();
        if (apps == null) {
            throw new SettingException(List.of()); // their faults were recorded where they were read
        }
        return new ServerSettings(
                mode,
                values.find(SettingCatalog.LISTEN),
                values.find(SettingCatalog.ADMIN),
                requireNonNull(iceServers),
                apps,
                requireNonNull(minimal),
                requireNonNull(pageKey),
                values.get(SettingCatalog.WILDCARDS),
                values.get(SettingCatalog.STRICT_HTTP_REJECT),
                requireNonNull(proxies),
                requireNonNull(limits),
                new KeepaliveSettings(values.get(SettingCatalog.PING), values.get(SettingCatalog.PING_TIMEOUT)),
                new PresenceSettings(
                        values.get(SettingCatalog.PRESENCE_DELAY),
                        PresenceSettings.defaults().patience(),
                        values.get(SettingCatalog.PRESENCE_COALESCE)),
                requireNonNull(continuity),
                requireNonNull(drain),
                new LogSettings(values.get(SettingCatalog.LOG_FORMAT), values.get(SettingCatalog.LOG_LEVEL)),
                requireNonNull(tls));
    }

    private void checkAddresses() throws SettingException {
        Optional<HostPort> admin = values.find(SettingCatalog.ADMIN);
        if (admin.isPresent() && admin.get().port() != 0 && admin.equals(values.find(SettingCatalog.LISTEN))) {
            throw values.place(values.isWritten(SettingCatalog.ADMIN) ? SettingCatalog.ADMIN : SettingCatalog.LISTEN)
                    .refused("listen and admin are both " + admin.get() + ": each needs an address of its own");
        }
    }

    private MinimalSettings minimal(ServerSettings.Mode mode) throws SettingException {
        boolean isEnabled = values.get(SettingCatalog.MINIMAL_ENABLED);
        List<String> origins = values.get(SettingCatalog.MINIMAL_ORIGINS);
        Optional<Secret> key = values.either(SettingCatalog.MINIMAL_KEY, SettingCatalog.MINIMAL_KEY_FILE)
                .flatMap(given -> given);
        if (mode == ServerSettings.Mode.CONFIGURED && isEnabled && origins.isEmpty() && key.isEmpty()) {
            throw values.place(SettingCatalog.MINIMAL_ENABLED)
                    .refused("true would let anyone use the minimal protocol: it needs minimal.origins"
                            + " (\"*\" for any) or minimal.key");
        }
        return new MinimalSettings(isEnabled, origins, key);
    }

    private Optional<String> pageKey(List<AppSettings> apps) throws SettingException {
        Optional<String> key = values.find(SettingCatalog.PAGE_KEY);
        if (key.isPresent()
                && apps.stream()
                        .flatMap(app -> app.publishableKeys().stream())
                        .noneMatch(publishable -> publishable.id().equals(key.get()))) {
            throw values.place(SettingCatalog.PAGE_KEY).refused("must be the id of one of the publishable keys");
        }
        return key;
    }

    private ProxySettings proxies() throws SettingException {
        ProxySettings proxies =
                new ProxySettings(values.get(SettingCatalog.PROXIES), values.get(SettingCatalog.PROXY_PROTOCOL));
        if (proxies.isProxyProtocol() && proxies.ranges().isEmpty()) {
            throw values.place(SettingCatalog.PROXY_PROTOCOL)
                    .refused("true needs 'proxies': the addresses that must speak the PROXY protocol");
        }
        return proxies;
    }

    private Optional<TlsSettings> tls() throws SettingException {
        Optional<NamedContent<List<X509Certificate>>> chain = values.find(SettingCatalog.TLS_CERTIFICATE);
        Optional<NamedContent<PrivateKey>> key = values.find(SettingCatalog.TLS_KEY);
        if (chain.isPresent() != key.isPresent()) {
            throw values.place(chain.isPresent() ? SettingCatalog.TLS_CERTIFICATE : SettingCatalog.TLS_KEY)
                    .refused("tls.certificate and tls.key are only allowed together");
        }
        if (chain.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        TlsSettings tls = new TlsSettings(chain.get().content(), key.get().content());
        if (!PemText.belongs(tls.key(), tls.chain().getFirst())) {
            throw values.place(SettingCatalog.TLS_KEY)
                    .refused("the key does not belong to the first certificate in tls.certificate");
        }
        return Optional.of(tls);
    }

    private ContinuitySettings continuity(ServerSettings.Mode mode, ClientLimits limits) throws SettingException {
        ContinuitySettings continuity = new ContinuitySettings(
                values.get(SettingCatalog.CONTINUITY_WINDOW),
                values.get(SettingCatalog.CONTINUITY_FRAMES),
                continuityBytes(limits),
                values.find(SettingCatalog.CONTINUITY_TOTAL_BYTES).orElse(0),
                values.either(SettingCatalog.CONTINUITY_SECRET, SettingCatalog.CONTINUITY_SECRET_FILE));
        if (continuity.totalBytes() > 0 && continuity.totalBytes() < continuity.bytes()) {
            boolean isBytes = values.isWritten(SettingCatalog.CONTINUITY_BYTES)
                    && !values.isWritten(SettingCatalog.CONTINUITY_TOTAL_BYTES);
            throw values.place(isBytes ? SettingCatalog.CONTINUITY_BYTES : SettingCatalog.CONTINUITY_TOTAL_BYTES)
                    .refused("continuity.totalBytes must not be less than continuity.bytes, and is "
                            + continuity.totalBytes() + ", less than " + continuity.bytes());
        }
        return mode == ServerSettings.Mode.DEVELOPMENT
                ? continuity.orWith(ServerSettings.DEVELOPMENT_CONTINUITY_SECRET)
                : continuity;
    }

    /** Else one permitted message would be more than is kept for a client that is away. */
    private int continuityBytes(ClientLimits limits) throws SettingException {
        int bytes = values.get(SettingCatalog.CONTINUITY_BYTES);
        int least = 2 * limits.inboundBytes();
        if (bytes >= least) {
            return bytes;
        }
        if (!values.isWritten(SettingCatalog.CONTINUITY_BYTES)) {
            return least;
        }
        throw values.place(SettingCatalog.CONTINUITY_BYTES)
                .refused("continuity.bytes must hold two messages of limits.messageBytes and 4096 bytes around"
                        + " each, and is "
                        + bytes + ", less than " + least);
    }

    private DrainSettings drain() throws SettingException {
        DrainSettings drain =
                new DrainSettings(values.get(SettingCatalog.DRAIN_SPREAD), values.get(SettingCatalog.DRAIN_TIMEOUT));
        if (drain.timeout().compareTo(drain.spread()) < 0) {
            boolean isSpread =
                    values.isWritten(SettingCatalog.DRAIN_SPREAD) && !values.isWritten(SettingCatalog.DRAIN_TIMEOUT);
            throw values.place(isSpread ? SettingCatalog.DRAIN_SPREAD : SettingCatalog.DRAIN_TIMEOUT)
                    .refused("drain.timeout must not be less than drain.spread, and is "
                            + drain.timeout().toMillis() + "ms, less than "
                            + drain.spread().toMillis() + "ms");
        }
        return drain;
    }

    private ClientLimits limits() throws SettingException {
        ClientLimits defaults = ClientLimits.defaults();
        int messageBytes = values.get(SettingCatalog.MESSAGE_BYTES);
        ClientLimits limits = new ClientLimits(
                messageBytes,
                defaults.fragments(),
                values.get(SettingCatalog.MESSAGES_PER_SECOND),
                values.get(SettingCatalog.BURST),
                values.get(SettingCatalog.BYTES_PER_SECOND),
                values.get(SettingCatalog.BYTES_BURST),
                values.get(SettingCatalog.MESSAGES_PER_SECOND_PER_IP),
                values.get(SettingCatalog.BYTES_PER_SECOND_PER_IP),
                values.get(SettingCatalog.CHANNELS),
                values.get(SettingCatalog.CONNECTIONS_PER_PEER),
                defaults.messageTime(),
                defaults.controlFramesPerSecond(),
                defaults.controlFramesBurst(),
                Math.max(defaults.outboundBytes(), MESSAGES_WAITING * messageBytes),
                defaults.admissionTime(),
                defaults.closeTime(),
                defaults.headerBytes(),
                defaults.bodyBytes(),
                values.get(SettingCatalog.REST_PER_SECOND),
                values.get(SettingCatalog.REST_BURST),
                values.get(SettingCatalog.CONNECTS_PER_MINUTE),
                values.get(SettingCatalog.CONNECTIONS_PER_IP),
                values.get(SettingCatalog.FAILURES_PER_MINUTE),
                values.get(SettingCatalog.ICE_SERVERS_PER_MINUTE),
                defaults.stallTime());
        if (limits.bytesBurst() < limits.inboundBytes()) {
            boolean isMessage =
                    values.isWritten(SettingCatalog.MESSAGE_BYTES) && !values.isWritten(SettingCatalog.BYTES_BURST);
            throw values.place(isMessage ? SettingCatalog.MESSAGE_BYTES : SettingCatalog.BYTES_BURST)
                    .refused((isMessage ? "limits.bytesBurst " : "")
                            + "must hold one message of limits.messageBytes and 4096 bytes around it, and is "
                            + limits.bytesBurst() + ", less than " + limits.inboundBytes());
        }
        return limits;
    }
}
