// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppSettings;
import dev.parley.config.HostPort;
import dev.parley.config.KeyRights;
import dev.parley.config.LogSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {

    private static final PublishableKey OPEN = new PublishableKey("pk_live_mine", KeyRights.all(), List.of());

    @TempDir
    private Path folder;

    private Folders folders;

    @BeforeEach
    void inAFolder() {
        folders = new Folders(folder);
    }

    @Test
    void withNothingConfiguredItIsDevelopmentMode() throws SettingException {
        ServerSettings expected =
                ServerSettings.development(Optional.empty(), Optional.empty(), new Secret("development"));
        assertThat(Folders.read(Map.of("HOME", "/root")).settings()).isEqualTo(expected);
        assertThat(Folders.read(Map.of("PARLEY_LISTEN", "", "PARLEY_KEY", "")).settings())
                .isEqualTo(expected);
    }

    @Test
    void scalarsOfTheEnvironmentCountInDevelopmentModeToo() throws SettingException {
        ServerSettings settings = Folders.read(Map.of(
                        "PARLEY_LIMITS_MESSAGES_PER_SECOND", "7",
                        "PARLEY_LOG_FORMAT", "json",
                        "PARLEY_LISTEN", "127.0.0.1:0"))
                .settings();

        assertThat(settings.mode()).isEqualTo(ServerSettings.Mode.DEVELOPMENT);
        assertThat(settings.limits().peer().messagesPerSecond()).isEqualTo(7);
        assertThat(settings.log().format()).isEqualTo(LogSettings.Format.JSON);
        assertThat(settings.listeners().listen()).contains(new HostPort("127.0.0.1", 0));
        assertThat(settings.services().minimal()).isEqualTo(MinimalSettings.open());
        assertThat(settings.services().pageKey()).contains(ServerSettings.DEVELOPMENT_KEY);
        assertThat(settings.apps().getFirst().secretKeys().getFirst().id())
                .isEqualTo(ServerSettings.DEVELOPMENT_SECRET_KEY);
    }

    @Test
    void developmentModeStaysOnLoopback() {
        assertThat(Folders.refusal(Map.of("PARLEY_LISTEN", "0.0.0.0:8080"))).contains("without configured keys");
        assertThat(Folders.refusal(Map.of("PARLEY_ADMIN", "0.0.0.0:9090", "PARLEY_LIMITS_BURST", "1")))
                .contains("is refused");
    }

    @Test
    void everySettingOutsideOfListsOfSectionsHasAVariable() throws SettingException {
        ServerSettings settings = folders.read(
                        "limits: {burst: 5}\n" + Folders.APP,
                        Map.of(
                                "PARLEY_LIMITS_BURST", "6",
                                "PARLEY_LIMITS_CONNECTS_PER_MINUTE_PER_IP", "9",
                                "PARLEY_PROXIES", "10.0.0.0/8, fd00::/8",
                                "PARLEY_PROXY_PROTOCOL", "true",
                                "PARLEY_STRICT_HTTP_REJECT", "true",
                                "PARLEY_WILDCARD_SUBSCRIPTIONS", "false",
                                "PARLEY_PAGE_KEY", "pk"))
                .settings();

        assertThat(settings.limits().peer().messagesBurst()).isEqualTo(6);
        assertThat(settings.limits().address().connectsPerMinute()).isEqualTo(9);
        assertThat(settings.listeners().proxies().ranges()).hasSize(2);
        assertThat(settings.listeners().proxies().isProxyProtocol()).isTrue();
        assertThat(settings.services().isStrictHttpReject()).isTrue();
        assertThat(settings.services().hasWildcards()).isFalse();
        assertThat(settings.services().pageKey()).contains("pk");
    }

    @Test
    void theFileMayBeNamedByTheEnvironment() throws SettingException {
        Path file = folders.write("named.yaml", Folders.APP);
        ServerSettings settings =
                Folders.read(Map.of("PARLEY_CONFIG", file.toString())).settings();
        assertThat(settings.apps().getFirst().id()).isEqualTo("a");

        assertThat(Folders.refusal(Map.of("PARLEY_CONFIG", "/nowhere.yaml")))
                .isEqualTo("PARLEY_CONFIG: /nowhere.yaml: there is no such file");
    }

    @Test
    void aKeyAloneMakesAServerOfOneApp() throws SettingException {
        ServerSettings settings =
                Folders.read(Map.of("PARLEY_KEY", "pk_live_mine")).settings();

        assertThat(settings.mode()).isEqualTo(ServerSettings.Mode.CONFIGURED);
        assertThat(settings.apps()).containsExactly(AppSettings.of("app", List.of(OPEN), List.of()));
        assertThat(settings.listeners().listen()).contains(new HostPort("localhost", 8080));
        assertThat(settings.services().minimal()).isEqualTo(MinimalSettings.off());
    }

    @Test
    void aSecretMayComeWithItsIdOrWithout() throws SettingException {
        ServerSettings bare =
                Folders.read(Map.of("PARLEY_SECRET", Folders.CANARY)).settings();
        assertThat(bare.apps()).containsExactly(AppSettings.of("app", List.of(), List.of(secretKey("sk_id_app"))));

        ServerSettings named = Folders.read(
                        Map.of("PARLEY_KEY", "pk_live_mine", "PARLEY_SECRET", "sk_id_7:" + Folders.CANARY))
                .settings();
        assertThat(named.apps()).containsExactly(AppSettings.of("app", List.of(OPEN), List.of(secretKey("sk_id_7"))));
    }

    @Test
    void keyAndSecretMayStandInFiles() throws SettingException {
        String key = folders.write("key", "pk_live_mine\n").toString();
        String secret =
                folders.write("secret", "sk_id_7:" + Folders.CANARY + "\n").toString();
        String word = folders.write("word", "open sesame\n").toString();

        ServerSettings settings = Folders.read(Map.of(
                        "PARLEY_KEY_FILE", key,
                        "PARLEY_SECRET_FILE", secret,
                        "PARLEY_MINIMAL_ENABLED", "true",
                        "PARLEY_MINIMAL_KEY_FILE", word))
                .settings();

        assertThat(settings.apps())
                .containsExactly(AppSettings.of("app", List.of(OPEN), List.of(secretKey("sk_id_7"))));
        assertThat(settings.services().minimal().key()).contains(new Secret("open sesame"));
    }

    @Test
    void aKeyOfTheEnvironmentStandsInForAppsOfAFileWithout() throws SettingException {
        ServerSettings settings = folders.read("limits: {burst: 5}", Map.of("PARLEY_KEY", "pk_live_mine"))
                .settings();
        assertThat(settings.apps()).hasSize(1);
        assertThat(settings.limits().peer().messagesBurst()).isEqualTo(5);
    }

    @Test
    void theKeyOfMinimalInTheEnvironmentReplacesTheOneOfTheFile() throws SettingException {
        folders.write("word", "of the file");
        ServerSettings settings = folders.read(
                        "minimal: {enabled: true, keyFile: word}\n" + Folders.APP,
                        Map.of("PARLEY_MINIMAL_KEY", "of the environment"))
                .settings();
        assertThat(settings.services().minimal().key()).contains(new Secret("of the environment"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARLEY_LISTEN|nonsense|PARLEY_LISTEN: 'nonsense' is not an address: write HOST:PORT, for example"
                        + " 127.0.0.1:8080 or [::1]:8080 (port 0 to 65535, 0 = any)",
                "PARLEY_LIMITS_BURST|0|PARLEY_LIMITS_BURST: '0' is not a whole number from 1 to 1000000",
                "PARLEY_PROXIES|10.0.0.0/8,proxy|PARLEY_PROXIES[1]: 'proxy' is not a range of addresses: write for"
                        + " example 10.0.0.0/8 or fd00::/8",
                "PARLEY_KEY|my key|PARLEY_KEY: must be an id of 1 to 128 of A-Z a-z 0-9 _ -",
                "PARLEY_KEY_FILE|nowhere|PARLEY_KEY_FILE: there is no such file",
                "PARLEY_SECRET|canary|PARLEY_SECRET: must be a secret of 32 or more printable ASCII characters, none of"
                        + " them blank",
                "PARLEY_SECRET|sk_id_1:canary|PARLEY_SECRET: must be a secret of 32 or more printable ASCII characters,"
                        + " none of them blank",
                "PARLEY_SECRET_FILE|canary|PARLEY_SECRET_FILE: there is no such file",
                "PARLEY_MINIMAL_KEY_FILE|nowhere|PARLEY_MINIMAL_KEY_FILE: there is no such file",
                "PARLEY_PAGE_KEY|pk_live_other|PARLEY_PAGE_KEY: must be the id of one of the publishable keys",
                "PARLEY_PROXY_PROTOCOL|true|PARLEY_PROXY_PROTOCOL: true needs 'proxies': the addresses that must speak"
                        + " the PROXY protocol",
                "PARLEY_PRESENCE_DELAY|1s|PARLEY_PRESENCE_DELAY: '1s' is not a duration from 0ms to 500ms such as 15ms,"
                        + " 25s, 2m or 1h"
            })
    void aBadVariableIsNamed(String variable, String value, String line) {
        assertThat(Folders.refusal(Map.of(variable, value))).isEqualTo(line);
    }

    @Test
    void aValueAndItsFileCannotBothBeGiven() {
        assertThat(Folders.refusal(Map.of("PARLEY_SECRET", Folders.CANARY, "PARLEY_SECRET_FILE", "x")))
                .isEqualTo("PARLEY_SECRET_FILE: either PARLEY_SECRET or PARLEY_SECRET_FILE is allowed, not both");
    }

    @Test
    void aKeyOfTheEnvironmentAndAppsOfAFileCannotBothBeGiven() {
        String line = ": cannot be used together with 'apps' in the configuration file";
        assertThat(folders.refusal(Folders.APP, Map.of("PARLEY_KEY", "pk_live_mine")))
                .isEqualTo("PARLEY_KEY" + line);
        assertThat(folders.refusal(Folders.APP, Map.of("PARLEY_SECRET", Folders.CANARY)))
                .isEqualTo("PARLEY_SECRET" + line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PARLEY_SERVICE_HOST",
                "PARLEY_SERVICE_PORT",
                "PARLEY_SERVICE_PORT_HTTP",
                "PARLEY_PORT",
                "PARLEY_PORT_8080_TCP",
                "PARLEY_PORT_8080_TCP_ADDR",
                "PARLEY_PORT_8080_TCP_PORT",
                "PARLEY_PORT_8080_TCP_PROTO",
                "PARLEY_ADMIN_SERVICE_HOST",
                "PARLEY_ADMIN_PORT_9090_TCP"
            })
    void whatKubernetesSetsForServicesIsPassedOverInSilence(String variable) throws SettingException {
        LoadedConfiguration configuration = Folders.read(Map.of(variable, "tcp://10.0.0.1:8080"));
        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.settings().mode()).isEqualTo(ServerSettings.Mode.DEVELOPMENT);
    }

    @Test
    void anUnknownVariableDoesNotStopTheStartButIsToldOnceWithWhatMayBeMeant() throws SettingException {
        assertThat(Folders.read(Map.of("PARLEY_LIMIT_BURST", "5", "PARLEY_COLOUR", "red"))
                        .warnings())
                .containsExactly(
                        "PARLEY_COLOUR is ignored: it is no variable of Parley",
                        "PARLEY_LIMIT_BURST is ignored: it is no variable of Parley, did you mean"
                                + " PARLEY_LIMITS_BURST?");
    }

    private static SecretKey secretKey(String id) {
        return new SecretKey(id, new Secret(Folders.CANARY), KeyRights.all());
    }
}
