// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private static final String CANARY = "sk_secret_canary_0123456789abcdef0123456789";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aGoodConfigurationIsFineAndShownWithoutSecrets() throws IOException {
        String file = write("apps: [{id: a, secretKeys: [{id: sk_1, secret: " + CANARY + "}]}]");

        assertThat(run("config", "check", file)).isZero();

        assertThat(out.toString())
                .startsWith(file + ": fine\n")
                .contains("listen: localhost:8080", "{id: sk_1, secret: \"***\"")
                .doesNotContain("canary");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "listen: 0.0.0.0:1 | ['room-*'] | ALL | [] | the call page joins channels call-*, which the channels",
                "listen: 0.0.0.0:1 | ['call-*'] | [subscribe, send] | [] | the actions of this key lack"
                        + " publish, presence",
                "listen: 127.0.0.1:81 | ['**'] | ALL | ['http://localhost:82'] | served at http://127.0.0.1:81,"
                        + " which is not",
                "listen: a.example:80 | ['**'] | ALL | ['https://a.example'] | served at http://a.example,"
                        + " which is not",
            })
    void aPageKeyThatCoversTooLittleIsWarnedOf(
            String listen, String channels, String actions, String origins, String warning) throws IOException {
        assertThat(run("config", "check", write(page(listen, channels, actions, origins))))
                .isZero();
        assertThat(err.toString().lines().filter(line -> line.contains("page.key")))
                .singleElement(STRING)
                .startsWith("parley: page.key pk: ")
                .contains(warning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "listen: 0.0.0.0:1 | ['x', 'c*'] | ALL | ['https://a.example']",
                "listen: 127.0.0.1:81 | ['**'] | ALL | ['http://localhost:81']",
                "listen: a.example:80 | ['**'] | ALL | ['http://a.example']",
                "{listen: 127.0.0.1:81, proxies: [127.0.0.1]} | ['**'] | ALL | ['https://a.example']",
            })
    void aPageKeyThatCoversThePageIsNotWarnedOf(String listen, String channels, String actions, String origins)
            throws IOException {
        assertThat(run("config", "check", write(page(listen, channels, actions, origins))))
                .isZero();
        assertThat(err.toString()).doesNotContain("page.key");
    }

    private static String page(String listen, String channels, String actions, String origins) {
        String lines = listen.replace("{", "").replace("}", "").replace(", proxies", "\nproxies");
        return lines + "\npage: {key: pk}\napps: [{id: a, publishableKeys: [{id: pk, channels: " + quoted(channels)
                + ", actions: " + actions.replace("ALL", "[subscribe, publish, presence, send]")
                + ", origins: " + quoted(origins) + "}]}]\n";
    }

    private static String quoted(String yaml) {
        return yaml.replace('\'', '"');
    }

    @ParameterizedTest
    @ValueSource(strings = {"config check FILE", "keys list --config FILE", "serve --config FILE"})
    void aBadConfigurationIsRefusedInOneLineWithExitCode2(String command) throws IOException {
        String file = write("lissten: localhost:1");

        assertThat(run(command.replace("FILE", file).split(" "))).isEqualTo(2);

        assertThat(err.toString()).isEqualTo("parley: " + file + ":1: lissten: unknown key, did you mean 'listen'?\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theProcessEndsWithTheSameCode() throws IOException {
        assertThat(CommandLineInterface.run("config", "check", write("nonsense: 1")))
                .isEqualTo(2);
        assertThat(CommandLineInterface.run(
                        "config", "check", write("apps: [{id: a, secretKeys: [{id: k, secret: " + CANARY + "}]}]")))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "config check", "config chekc x", "keys", "keys old", "serve --config"})
    void aCommandThatIsNotWholeIsRefusedInOneLineWithExitCode2(String command) {
        assertThat(run(command.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("parley: ").containsOnlyOnce("\n").contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--listen", "--admin", "--config"})
    void anOptionOfServeWithoutServeIsRecognized(String option) {
        assertThat(run(option, "localhost:0")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("parley: unknown argument '" + option + "', did you mean 'serve " + option
                        + "'? (see: parley --help)\n");
    }

    @Test
    void aFileWithSecretsThatEveryUserCanReadIsWarnedOf() throws IOException {
        String file = write("apps: [{id: a, secretKeys: [{id: sk_1, secret: " + CANARY + "}]}]");
        Files.setPosixFilePermissions(Path.of(file), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run("config", "check", file)).isZero();

        assertThat(err.toString())
                .isEqualTo(
                        "parley: " + file + " holds secrets, and every user of this machine can read it: chmod 600\n");
    }

    @Test
    void whereNoKeyIsConfiguredNoneIsListed() {
        assertThat(run("keys", "list")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("parley: no key is configured: name a configuration with --config\n");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve ", "config ", "config check ", "keys ", "keys new ", "keys list "})
    void everyCommandHelps(String command) {
        assertThat(run((command + "--help").split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: parley").contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve ", "config ", "config check ", "keys ", "keys new ", "keys list "})
    void everyCommandTellsItsVersion(String command) {
        assertThat(run((command + "--version").split(" "))).isZero();
        assertThat(out.toString()).matches("parley [0-9.]+\n");
    }

    @Test
    void newKeysAreAConfigurationByThemselves() throws IOException, SettingException {
        assertThat(run("keys", "new")).isZero();

        ServerSettings settings =
                ConfigurationOption.read(Path.of(write(out.toString()))).settings();
        var app = settings.apps().getFirst();
        assertThat(app.publishableKeys().getFirst().id()).matches("pk_live_[A-Za-z0-9]{24}");
        assertThat(app.secretKeys().getFirst().id()).matches("sk_id_[A-Za-z0-9]{24}");
        assertThat(app.secretKeys().getFirst().secret().value()).matches("sk_secret_[0-9a-f]{64}");
    }

    @Test
    void keysAreListedWithoutSecrets() throws IOException {
        String file = write("""
                apps:
                  - id: a
                    publishableKeys:
                      - {id: pk_1, channels: ["room-*", x], actions: [send, subscribe],
                           origins: ["https://a.example"], wildcards: false, turn: true}
                      - {id: pk_2, channels: ["**"], actions: [publish]}
                    secretKeys: [{id: sk_1, secret: CANARY}]
                  - id: b
                    enabled: false
                    jwks: [{issuer: "https://id.example", url: "https://id.example/jwks", audience: p}]
                """.replace("CANARY", CANARY));

        assertThat(run("keys", "list", "--config", file)).isZero();

        assertThat(out.toString().lines().map(line -> List.of(line.split("\t"))))
                .containsExactly(
                        List.of("APP", "KIND", "ID", "CHANNELS", "ACTIONS", "ORIGINS", "WILDCARDS", "TURN"),
                        List.of(
                                "a",
                                "publishable",
                                "pk_1",
                                "room-*,x",
                                "subscribe,send",
                                "https://a.example",
                                "no",
                                "yes"),
                        List.of("a", "publishable", "pk_2", "**", "publish", "*", "yes", "no"),
                        List.of("a", "secret", "sk_1", "**", "subscribe,publish,presence,send", "-", "yes", "no"),
                        List.of(
                                "b (off)",
                                "issuer",
                                "https://id.example",
                                "**",
                                "subscribe,publish,presence,send",
                                "-",
                                "yes",
                                "no"));
    }

    private int run(String... arguments) {
        return CommandLineInterface.parser()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private String write(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("parley.yaml"), yaml);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }
}
