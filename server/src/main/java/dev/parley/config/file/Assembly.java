// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AppSettings;
import dev.parley.config.Continuity;
import dev.parley.config.Drain;
import dev.parley.config.HostPort;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.Presence;
import dev.parley.config.Proxies;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.config.TlsSettings;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
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
        Optional<HostPort> admin = values.find(Settable.ADMIN);
        if (admin.isPresent() && admin.get().port() != 0 && admin.equals(values.find(Settable.LISTEN))) {
            throw values.place(values.isWritten(Settable.ADMIN) ? Settable.ADMIN : Settable.LISTEN)
                    .refused("listen and admin are both " + admin.get() + ": each needs an address of its own");
        }
        return new Settings(
                mode,
                values.find(Settable.LISTEN),
                values.find(Settable.ADMIN),
                IceServerList.read(values),
                apps,
                minimal(mode),
                pageKey(apps),
                values.get(Settable.WILDCARDS),
                values.get(Settable.STRICT_HTTP_REJECT),
                proxies(),
                limits(),
                new Keepalive(values.get(Settable.PING), values.get(Settable.PING_TIMEOUT)),
                new Presence(
                        values.get(Settable.PRESENCE_DELAY),
                        Presence.defaults().patience(),
                        values.get(Settable.PRESENCE_COALESCE)),
                continuity(mode),
                drain(),
                new LogSettings(values.get(Settable.LOG_FORMAT), values.get(Settable.LOG_LEVEL)),
                tls());
    }

    private MinimalSettings minimal(Settings.Mode mode) throws SettingException {
        if (values.has(Settable.MINIMAL_KEY) && values.has(Settable.MINIMAL_KEY_FILE)) {
            throw values.place(Settable.MINIMAL_KEY_FILE).refused("either 'key' or 'keyFile' is allowed, not both");
        }
        boolean isEnabled = values.get(Settable.MINIMAL_ENABLED);
        List<String> origins = values.get(Settable.MINIMAL_ORIGINS);
        Optional<Secret> key = values.find(Settable.MINIMAL_KEY)
                .or(() -> values.find(Settable.MINIMAL_KEY_FILE))
                .flatMap(given -> given);
        if (mode == Settings.Mode.CONFIGURED && isEnabled && origins.isEmpty() && key.isEmpty()) {
            throw values.place(Settable.MINIMAL_ENABLED)
                    .refused("true would let anyone use the minimal protocol: it needs minimal.origins"
                            + " (\"*\" for any) or minimal.key");
        }
        return new MinimalSettings(isEnabled, origins, key);
    }

    private Optional<String> pageKey(List<AppSettings> apps) throws SettingException {
        Optional<String> key = values.find(Settable.PAGE_KEY);
        if (key.isPresent()
                && apps.stream()
                        .flatMap(app -> app.publishableKeys().stream())
                        .noneMatch(publishable -> publishable.id().equals(key.get()))) {
            throw values.place(Settable.PAGE_KEY).refused("must be the id of one of the publishable keys");
        }
        return key;
    }

    private Proxies proxies() throws SettingException {
        Proxies proxies = new Proxies(values.get(Settable.PROXIES), values.get(Settable.PROXY_PROTOCOL));
        if (proxies.isProxyProtocol() && proxies.ranges().isEmpty()) {
            throw values.place(Settable.PROXY_PROTOCOL)
                    .refused("true needs 'proxies': the addresses that must speak the PROXY protocol");
        }
        return proxies;
    }

    private Optional<TlsSettings> tls() throws SettingException {
        Optional<Named<List<X509Certificate>>> chain = values.find(Settable.TLS_CERTIFICATE);
        Optional<Named<PrivateKey>> key = values.find(Settable.TLS_KEY);
        if (chain.isPresent() != key.isPresent()) {
            throw values.place(chain.isPresent() ? Settable.TLS_CERTIFICATE : Settable.TLS_KEY)
                    .refused("tls.certificate and tls.key are only allowed together");
        }
        if (chain.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        TlsSettings tls = new TlsSettings(chain.get().content(), key.get().content());
        if (!Pem.belongs(tls.key(), tls.chain().getFirst())) {
            throw values.place(Settable.TLS_KEY)
                    .refused("the key does not belong to the first certificate in tls.certificate");
        }
        return Optional.of(tls);
    }

    private Continuity continuity(Settings.Mode mode) throws SettingException {
        if (values.has(Settable.CONTINUITY_SECRET) && values.has(Settable.CONTINUITY_SECRET_FILE)) {
            throw values.place(Settable.CONTINUITY_SECRET_FILE)
                    .refused("either 'secret' or 'secretFile' is allowed, not both");
        }
        Continuity continuity = new Continuity(
                values.get(Settable.CONTINUITY_WINDOW),
                values.get(Settable.CONTINUITY_FRAMES),
                continuityBytes(),
                values.find(Settable.CONTINUITY_TOTAL_BYTES).orElse(0),
                values.find(Settable.CONTINUITY_SECRET).or(() -> values.find(Settable.CONTINUITY_SECRET_FILE)));
        if (continuity.totalBytes() > 0 && continuity.totalBytes() < continuity.bytes()) {
            boolean isBytes =
                    values.isWritten(Settable.CONTINUITY_BYTES) && !values.isWritten(Settable.CONTINUITY_TOTAL_BYTES);
            throw values.place(isBytes ? Settable.CONTINUITY_BYTES : Settable.CONTINUITY_TOTAL_BYTES)
                    .refused("continuity.totalBytes must not be less than continuity.bytes, and is "
                            + continuity.totalBytes() + ", less than " + continuity.bytes());
        }
        return mode == Settings.Mode.DEVELOPMENT
                ? continuity.orWith(Settings.DEVELOPMENT_CONTINUITY_SECRET)
                : continuity;
    }

    /** Else one permitted message would be more than is kept for a client that is away. */
    private int continuityBytes() throws SettingException {
        int bytes = values.get(Settable.CONTINUITY_BYTES);
        int least = 2 * limits().inboundBytes();
        if (bytes >= least) {
            return bytes;
        }
        if (!values.isWritten(Settable.CONTINUITY_BYTES)) {
            return least;
        }
        throw values.place(Settable.CONTINUITY_BYTES)
                .refused(
                        "continuity.bytes must hold two messages of limits.messageBytes and 4096 bytes around each, and is "
                                + bytes + ", less than " + least);
    }

    private Drain drain() throws SettingException {
        Drain drain = new Drain(values.get(Settable.DRAIN_SPREAD), values.get(Settable.DRAIN_TIMEOUT));
        if (drain.timeout().compareTo(drain.spread()) < 0) {
            boolean isSpread = values.isWritten(Settable.DRAIN_SPREAD) && !values.isWritten(Settable.DRAIN_TIMEOUT);
            throw values.place(isSpread ? Settable.DRAIN_SPREAD : Settable.DRAIN_TIMEOUT)
                    .refused("drain.timeout must not be less than drain.spread, and is "
                            + drain.timeout().toMillis() + "ms, less than "
                            + drain.spread().toMillis() + "ms");
        }
        return drain;
    }

    private Limits limits() throws SettingException {
        Limits defaults = Limits.defaults();
        int messageBytes = values.get(Settable.MESSAGE_BYTES);
        Limits limits = new Limits(
                messageBytes,
                defaults.fragments(),
                values.get(Settable.MESSAGES_PER_SECOND),
                values.get(Settable.BURST),
                values.get(Settable.BYTES_PER_SECOND),
                values.get(Settable.BYTES_BURST),
                values.get(Settable.MESSAGES_PER_SECOND_PER_IP),
                values.get(Settable.BYTES_PER_SECOND_PER_IP),
                values.get(Settable.CHANNELS),
                values.get(Settable.CONNECTIONS_PER_PEER),
                defaults.messageTime(),
                defaults.controlFramesPerSecond(),
                defaults.controlFramesBurst(),
                Math.max(defaults.outboundBytes(), MESSAGES_WAITING * messageBytes),
                defaults.admissionTime(),
                defaults.closeTime(),
                defaults.headerBytes(),
                defaults.bodyBytes(),
                values.get(Settable.REST_PER_SECOND),
                values.get(Settable.REST_BURST),
                values.get(Settable.CONNECTS_PER_MINUTE),
                values.get(Settable.CONNECTIONS_PER_IP),
                values.get(Settable.FAILURES_PER_MINUTE),
                values.get(Settable.ICE_SERVERS_PER_MINUTE),
                defaults.stallTime());
        if (limits.bytesBurst() < limits.inboundBytes()) {
            boolean isMessage = values.isWritten(Settable.MESSAGE_BYTES) && !values.isWritten(Settable.BYTES_BURST);
            throw values.place(isMessage ? Settable.MESSAGE_BYTES : Settable.BYTES_BURST)
                    .refused((isMessage ? "limits.bytesBurst " : "")
                            + "must hold one message of limits.messageBytes and 4096 bytes around it, and is "
                            + limits.bytesBurst() + ", less than " + limits.inboundBytes());
        }
        return limits;
    }
}
