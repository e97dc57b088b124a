// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Action;
import dev.parley.config.AddressLimits;
import dev.parley.config.AddressRange;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.ContinuitySettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.HostPort;
import dev.parley.config.IceServer;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.ListenerSettings;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.PeerLimits;
import dev.parley.config.PresenceSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.RoomCapacity;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.ServiceSettings;
import dev.parley.config.SettingException;
import dev.parley.config.TlsSettings;
import dev.parley.config.TokenIssuer;
import dev.parley.wire.TestCertificate;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class LoadedConfigurationTest {

    @TempDir
    private Path folder;

    private Folders folders;

    @BeforeEach
    void inAFolder() {
        folders = new Folders(folder);
    }

    @Test
    void theExampleOfTheDocumentationMeansWhatItSays() throws SettingException {
        folders.write("turn.secret", "what-the-turn-server-and-parley-share\n");
        folders.write("one.secret", "a-secret-of-32-or-more-random-characters\n");
        folders.write("backend.secret", "0123456789abcdef0123456789abcdef\n");

        ServerSettings settings = folders.read(Documentation.example()).settings();

        assertThat(settings)
                .isEqualTo(new ServerSettings(
                        ServerSettings.Mode.CONFIGURED,
                        List.of(demo(), other()),
                        new ListenerSettings(
                                Optional.of(new HostPort("0.0.0.0", 8080)),
                                Optional.of(new HostPort("127.0.0.1", 9090)),
                                Optional.empty(),
                                new ProxySettings(
                                        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")),
                                        false),
                                new KeepaliveSettings(Duration.ofSeconds(25), Duration.ofSeconds(10)),
                                new DrainSettings(Duration.ofSeconds(10), Duration.ofSeconds(30))),
                        new ServiceSettings(
                                iceServers(),
                                new MinimalSettings(true, List.of("https://app.example.com"), Optional.empty()),
                                Optional.of("pk_live_demo"),
                                true,
                                false,
                                new PresenceSettings(
                                        Duration.ofMillis(15),
                                        PresenceSettings.defaults().patience()),
                                ContinuitySettings.defaults()),
                        limits(500, 50, 60, 1_000),
                        new LogSettings(LogSettings.Format.JSON, LogSettings.Level.INFO),
                        Optional.empty()));
    }

    @Test
    void aCertificateAndItsKeyAreReadFromFilesThatTheFileOrTheEnvironmentNames() throws SettingException {
        TestCertificate certificate = TestCertificate.make("RSA");
        Path chain = folders.write("cert.pem", certificate.certificate() + certificate.certificate());
        Path key = folders.write("key.pem", certificate.key());
        TlsSettings expected = new TlsSettings(
                List.of(
                        certificate.settings().chain().getFirst(),
                        certificate.settings().chain().getFirst()),
                certificate.settings().key());

        assertThat(folders.read("tls: {certificate: cert.pem, key: key.pem}\n" + Folders.APP)
                        .settings()
                        .listeners()
                        .tls())
                .contains(expected);
        assertThat(folders.read(
                                Folders.APP,
                                Map.of("PARLEY_TLS_CERTIFICATE", chain.toString(), "PARLEY_TLS_KEY", key.toString()))
                        .settings()
                        .listeners()
                        .tls())
                .contains(expected);
    }

    @Test
    void aCertificateOutOfItsTimeIsServedWithAWarning() throws SettingException {
        assertThat(warningsOfTls(TestCertificate.make("EC"))).isEmpty();
        assertThat(warningsOfTls(TestCertificate.make("EC", "-10d", 5)))
                .singleElement()
                .asString()
                .startsWith("tls: the certificate EXPIRED at 20");
        assertThat(warningsOfTls(TestCertificate.make("EC", "+5d", 5)))
                .singleElement()
                .asString()
                .startsWith("tls: the certificate is NOT VALID YET, only from 20");
    }

    private List<String> warningsOfTls(TestCertificate certificate) throws SettingException {
        folders.write("cert.pem", certificate.certificate());
        folders.write("key.pem", certificate.key());
        return folders.read("tls: {certificate: cert.pem, key: key.pem}\n" + Folders.APP).warnings().stream()
                .filter(warning -> warning.startsWith("tls: "))
                .toList();
    }

    private static List<IceServer> iceServers() {
        return List.of(
                new IceServer(List.of("stun:turn.example.com:3478"), new IceServer.Open()),
                new IceServer(
                        List.of("turn:turn.example.com:3478", "turns:turn.example.com:5349?transport=tcp"),
                        new IceServer.TimeLimited(
                                new Secret("what-the-turn-server-and-parley-share"), Duration.ofHours(1))));
    }

    private static AppSettings demo() {
        return new AppSettings(
                "demo",
                true,
                List.of(new PublishableKey(
                        "pk_live_demo",
                        new KeyRights(List.of("room-*", "call-*"), Set.of(Action.values()), false, true),
                        List.of("https://app.example.com"))),
                List.of(
                        new SecretKey(
                                "sk_id_1", new Secret("a-secret-of-32-or-more-random-characters"), KeyRights.all()),
                        new SecretKey(
                                "sk_id_2",
                                new Secret("0123456789abcdef0123456789abcdef"),
                                new KeyRights(List.of("room-*"), Set.of(Action.PUBLISH)))),
                List.of(new TokenIssuer(
                        "https://id.example.com",
                        URI.create("https://id.example.com/jwks.json"),
                        "parley",
                        KeyRights.all())),
                new AppLimits(10_000, AppLimits.PATTERNS, List.of(new RoomCapacity("call-*", 8)), 0));
    }

    private static AppSettings other() {
        return new AppSettings(
                "other",
                false,
                List.of(new PublishableKey(
                        "pk_live_other",
                        new KeyRights(List.of("**"), Set.of(Action.SUBSCRIBE, Action.PRESENCE)),
                        List.of())),
                List.of(),
                List.of(),
                new AppLimits(0, AppLimits.PATTERNS, List.of(), 1_000_000));
    }

    /** Those of the strict profile, with these. */
    private static ClientLimits limits(int burst, int channels, int connects, int open) {
        ClientLimits defaults = ClientLimits.defaults();
        return new ClientLimits(
                defaults.message(),
                new PeerLimits(100, burst, 1 << 20, 4 << 20, defaults.peer().connections()),
                new AddressLimits(
                        2_000,
                        16 << 20,
                        connects,
                        open,
                        defaults.address().failuresPerMinute(),
                        defaults.address().iceServersPerMinute()),
                defaults.connection().with(channels, 0),
                defaults.request());
    }

    @Test
    void whatIsNotSafeEverywhereIsWarnedOf() throws SettingException {
        String safe = """
                apps:
                  - id: a
                    publishableKeys:
                      - {id: pk, channels: ["**"], actions: [send], origins: ["https://app.example.com"]}
                minimal: {enabled: true, origins: ["https://app.example.com"]}
                proxies: [10.0.0.0/8]
                """;
        assertThat(folders.read(safe).warnings()).isEmpty();

        assertThat(folders.read(safe.replace("10.0.0.0/8", "\"::/0\"")).warnings())
                .containsExactly(
                        "not safe everywhere: proxies: a range of all addresses lets everyone claim to be anyone");
        assertThat(folders.read(safe.replace(", origins: [\"https://app.example.com\"]}\nmin", "}\nmin"))
                        .warnings())
                .containsExactly("not safe everywhere: " + folder.resolve("parley.yaml")
                        + ":4: the publishable key pk may be used by every page: give it 'origins'");
        assertThat(folders.read(safe.replace("true, origins: [\"https://app.example.com\"]", "true, origins: [\"*\"]"))
                        .warnings())
                .containsExactly(
                        "not safe everywhere: minimal.origins: every page may use the minimal protocol, as there is"
                                + " no minimal.key");
    }

    @Test
    void whatIsNotWrittenIsAsInTheRecordsDefaults() throws SettingException {
        ServerSettings settings = folders.read(Folders.APP).settings();

        assertThat(settings.listeners().listen()).contains(new HostPort("localhost", ListenerSettings.LISTEN_PORT));
        assertThat(settings.listeners().admin()).contains(new HostPort("127.0.0.1", ListenerSettings.ADMIN_PORT));
        assertThat(settings.services().minimal()).isEqualTo(MinimalSettings.off());
        assertThat(settings.services().pageKey()).isEmpty();
        assertThat(settings.services().hasWildcards()).isTrue();
        assertThat(settings.services().isStrictHttpReject()).isFalse();
        assertThat(settings.listeners().proxies()).isEqualTo(ProxySettings.none());
        assertThat(settings.limits()).isEqualTo(ClientLimits.defaults());
        assertThat(settings.listeners().keepalive()).isEqualTo(KeepaliveSettings.defaults());
        assertThat(settings.services().presence()).isEqualTo(PresenceSettings.defaults());
        assertThat(settings.listeners().drain()).isEqualTo(DrainSettings.defaults());
        assertThat(settings.log()).isEqualTo(LogSettings.defaults());
    }

    @Test
    void theStrictProfileLowersLimitsThatAreNotWritten() throws SettingException {
        ServerSettings strict =
                folders.read("limits: {profile: strict}\n" + Folders.APP).settings();
        assertThat(strict.limits()).isEqualTo(limits(200, 100, 60, 1_000));

        ServerSettings mixed = folders.read(
                        "limits: {burst: 700, connectsPerMinutePerIp: 0, connectionsPerIp: 7, profile: strict}\n"
                                + Folders.APP)
                .settings();
        assertThat(mixed.limits()).isEqualTo(limits(700, 100, 0, 7));
    }

    @Test
    void largeMessagesGetRoomToWait() throws SettingException {
        ClientLimits limits = folders.read("limits: {messageBytes: 1MiB}\n" + Folders.APP)
                .settings()
                .limits();
        assertThat(limits.connection().outboundBytes()).isEqualTo(4 << 20);
    }

    @Test
    void aFileMayBeginWithAByteOrderMarkAndHaveLineEndsOfWindows() throws SettingException {
        assertThat(folders.read("\uFEFFlisten: localhost:1\r\n" + Folders.APP)
                        .settings()
                        .listeners()
                        .listen())
                .contains(new HostPort("localhost", 1));
    }

    @Test
    void secretFilesAreNamedRelativeToTheConfigurationAndMayEndInOneLineEnd() throws SettingException {
        folders.write("unix", Folders.CANARY + "\n");
        folders.write("windows", Folders.CANARY + "\r\n");
        folders.write("exact", Folders.CANARY);
        LoadedConfiguration configuration = folders.read("apps: [{id: a, secretKeys: [{id: k1, secretFile: unix},"
                + " {id: k2, secretFile: windows}, {id: k3, secretFile: ./exact}, {id: k4, secretFile: "
                + folder.resolve("exact") + "}]}]");

        assertThat(configuration.settings().apps().getFirst().secretKeys())
                .extracting(SecretKey::secret)
                .containsOnly(new Secret(Folders.CANARY));
    }

    @Test
    void aFlagWinsOverTheEnvironmentWhichWinsOverTheFileWhichWinsOverTheDefault() throws SettingException {
        Path file = folders.write("parley.yaml", "listen: localhost:1\nadmin: localhost:2\n" + Folders.APP);
        Map<String, String> environment = Map.of("PARLEY_LISTEN", "localhost:3");
        Optional<HostPort> flag = Optional.of(new HostPort("localhost", 4));

        assertThat(Folders.read(Optional.of(file), Map.of(), Optional.empty())
                        .settings()
                        .listeners()
                        .listen())
                .contains(new HostPort("localhost", 1));
        assertThat(Folders.read(Optional.of(file), environment, Optional.empty())
                        .settings()
                        .listeners()
                        .listen())
                .contains(new HostPort("localhost", 3));
        assertThat(Folders.read(Optional.of(file), environment, flag)
                        .settings()
                        .listeners()
                        .listen())
                .isEqualTo(flag);
        assertThat(Folders.read(Optional.of(file), environment, flag)
                        .settings()
                        .listeners()
                        .admin())
                .contains(new HostPort("localhost", 2));
    }

    @Test
    void whatAFlagOverridesInTheEnvironmentNeedNotBeRight() throws SettingException {
        Optional<HostPort> flag = Optional.of(new HostPort("localhost", 4));
        assertThat(Folders.read(Optional.empty(), Map.of("PARLEY_LISTEN", "nonsense"), flag)
                        .settings()
                        .listeners()
                        .listen())
                .isEqualTo(flag);
    }

    @Test
    void whatChangedOutsideOfAppsIsNamed() throws SettingException {
        folders.write("key", "one");
        LoadedConfiguration before = folders.read("minimal: {keyFile: key}\nlimits: {burst: 5}\n" + Folders.APP);
        folders.write("key", "two");
        LoadedConfiguration after = folders.read("minimal: {keyFile: key}\nlimits: {burst: 6}\nlisten: localhost:1\n"
                + "proxies: []\nadmin: 127.0.0.1:9090\n" + Folders.APP.replace("pk", "pk2"));

        assertThat(after.changedOutsideApps(before)).containsExactly("listen", "minimal.keyFile", "limits.burst");
        assertThat(before.changedOutsideApps(before)).isEmpty();
    }
}
