// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.ConfigurationSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ContinuitySecretTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(ContinuitySecret.class);
    private static final String APP =
            "apps: [{id: a, publishableKeys: [{id: pk, channels: [\"**\"], actions: [send]}]}]\n";

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listenToTheLog() {
        lines.start();
        LOG.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        LOG.detachAppender(lines);
    }

    @Test
    void aConfigurationWithoutASecretGetsOneThatIsKeptBesideIt() throws Exception {
        Optional<Secret> first = secret(APP);
        Optional<Secret> second = secret(APP);

        Path file = folder.resolve("continuity.secret");
        assertThat(first).isPresent().isEqualTo(second);
        assertThat(Files.readString(file)).isEqualTo(first.get().value() + "\n");
        assertThat(logged())
                .containsExactly(
                        "INFO resume tokens are sealed with a new secret, which is kept in " + file,
                        "INFO resume tokens are sealed with the secret in " + file);
    }

    @Test
    void serversWithConfigurationsInOneFolderShareIt() throws Exception {
        assertThat(secret(APP)).isEqualTo(secret(write("another.yaml", APP), Map.of()));
    }

    @Test
    void theStateFolderKeepsItWhereTheConfigurationNamesOne() throws Exception {
        Path state = Files.createDirectory(folder.resolve("state"));

        Optional<Secret> named = secret(APP + "stateFolder: state\n");
        Optional<Secret> inTheEnvironment =
                secret(write("parley.yaml", APP), Map.of("PARLEY_STATE_FOLDER", state.toString()));
        Optional<Secret> withoutAFile =
                complete(Optional.empty(), Map.of("PARLEY_KEY", "pk", "PARLEY_STATE_FOLDER", state.toString()));

        assertThat(named).isPresent().isEqualTo(inTheEnvironment).isEqualTo(withoutAFile);
        assertThat(state.resolve("continuity.secret")).exists();
        assertThat(folder.resolve("continuity.secret")).doesNotExist();
    }

    @Test
    void aSecretOfTheConfigurationCountsAndNoneIsKept() throws Exception {
        assertThat(secret(APP + "continuity: {secret: 0123456789abcdef0123456789abcdef}\n"))
                .contains(new Secret("0123456789abcdef0123456789abcdef"));
        assertNothingIsKeptOrLogged();
    }

    @Test
    void aServerWithoutSessionsThatOutliveSocketsKeepsNone() throws Exception {
        assertThat(secret(APP + "continuity: {window: 0s}\n")).isEmpty();
        assertNothingIsKeptOrLogged();
    }

    @Test
    void developmentModeKeepsNoneAlsoWithAStateFolder() throws Exception {
        assertThat(complete(Optional.empty(), Map.of())).contains(ServerSettings.DEVELOPMENT_CONTINUITY_SECRET);
        assertThat(complete(Optional.empty(), Map.of("PARLEY_STATE_FOLDER", folder.toString())))
                .contains(ServerSettings.DEVELOPMENT_CONTINUITY_SECRET);
        assertNothingIsKeptOrLogged();
    }

    @Test
    void aFolderThatCannotKeepItIsWarnedOfOnceWithTheRemedy() throws Exception {
        assertThat(secret(APP + "stateFolder: nowhere\n")).isEmpty();
        assertThat(logged())
                .containsExactly("WARN no secret can be kept in " + folder.resolve("nowhere")
                        + " (no such folder): clients get new peer ids when the server is started again; name a folder"
                        + " that this user may write to in stateFolder, or set continuity.secretFile");
    }

    @Test
    void aServerThatHasNoFolderIsWarnedOfOnceWithTheRemedy() throws Exception {
        assertThat(complete(Optional.empty(), Map.of("PARLEY_KEY", "pk"))).isEmpty();
        assertThat(logged())
                .containsExactly(
                        "WARN there is no folder to keep the secret in: clients get new peer ids when the server"
                                + " is started again; name a folder that this user may write to in"
                                + " PARLEY_STATE_FOLDER, or set"
                                + " PARLEY_CONTINUITY_SECRET");
    }

    @Test
    void aDamagedFileStopsTheStart() throws IOException {
        Path file = write("continuity.secret", "short");
        assertThatThrownBy(() -> secret(APP))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(file + ": the file must hold a secret");
    }

    private void assertNothingIsKeptOrLogged() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).isSubsetOf("parley.yaml");
        }
        assertThat(logged()).isEmpty();
    }

    private Optional<Secret> secret(String yaml) throws SettingException {
        return secret(write("parley.yaml", yaml), Map.of());
    }

    private static Optional<Secret> secret(Path file, Map<String, String> environment) throws SettingException {
        return complete(Optional.of(file), environment);
    }

    private static Optional<Secret> complete(Optional<Path> file, Map<String, String> environment)
            throws SettingException {
        ConfigurationSources sources = new ConfigurationSources(
                file, environment, Optional.empty(), Optional.empty(), new Secret("development"));
        return ContinuitySecret.complete(new ConfigurationReader(sources).read())
                .services()
                .continuity()
                .secret();
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> logged() {
        return lines.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
