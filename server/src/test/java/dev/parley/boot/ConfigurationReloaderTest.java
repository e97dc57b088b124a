// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.ConfigurationSources;
import dev.parley.config.file.LoadedConfiguration;
import dev.parley.core.port.ServerObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ConfigurationReloaderTest {

    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(ConfigurationReloader.class);

    @TempDir
    private Path folder;

    private Path file;
    private final BlockingQueue<ServerSettings> changes = new LinkedBlockingQueue<>();
    private final Lines lines = new Lines();
    private Optional<ConfigurationReloader> reloading = Optional.empty();

    @BeforeEach
    void listenToTheLog() {
        file = folder.resolve("parley.yaml");
        lines.start();
        LOG.addAppender(lines);
    }

    @AfterEach
    void close() {
        reloading.ifPresent(ConfigurationReloader::close);
        LOG.detachAppender(lines);
    }

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        write(file, app("one"));
        start(SHORT);

        write(file, app("another"));

        assertThat(changed()).isEqualTo("another");
        assertThat(lines.next()).isEqualTo("INFO the configuration was read again: apps changed");
    }

    @Test
    void aChangedSecretFileIsReadAgain() throws Exception {
        write(folder.resolve("secret"), "first-0123456789abcdef0123456789abcdef");
        write(file, "apps: [{id: a, secretKeys: [{id: k, secretFile: secret}]}]");
        start(SHORT);

        replace(folder.resolve("secret"), "second-0123456789abcdef0123456789abcdef");

        assertThat(next().apps().getFirst().secretKeys().getFirst().secret())
                .isEqualTo(new Secret("second-0123456789abcdef0123456789abcdef"));
    }

    @Test
    void aLinkThatPointsElsewhereIsAChange() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..2026_1"));
        Path second = Files.createDirectory(folder.resolve("..2026_2"));
        write(first.resolve("parley.yaml"), app("one"));
        write(second.resolve("parley.yaml"), app("two"));
        Files.setLastModifiedTime(
                second.resolve("parley.yaml"), Files.getLastModifiedTime(first.resolve("parley.yaml")));
        Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
        Files.createSymbolicLink(file, Path.of("..data", "parley.yaml"));
        start(SHORT);

        Files.createSymbolicLink(folder.resolve("..new"), second.getFileName());
        Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(changed()).isEqualTo("two");
    }

    @Test
    void aBadFileChangesNothingAndIsToldInOneLineUntilItIsRight() throws Exception {
        write(file, app("one"));
        start(SHORT);

        write(file, "lissten: localhost:1");

        assertThat(lines.next())
                .isEqualTo("ERROR the configuration was not read again, the old one stays: " + file
                        + ":1: lissten: unknown key, did you mean 'listen'?");
        assertThat(changes).isEmpty();

        write(file, app("right"));

        assertThat(changed()).isEqualTo("right");
        assertThat(lines.next()).isEqualTo("INFO the configuration was read again: apps changed");
    }

    @Test
    void aFileThatVanishesChangesNothingAndIsReadWhenItIsBack() throws Exception {
        write(file, app("one"));
        start(SHORT);

        Files.delete(file);
        assertThat(lines.next()).startsWith("ERROR").endsWith("there is no such file");

        write(file, app("back"));
        assertThat(changed()).isEqualTo("back");
    }

    @Test
    void aMissingSecretFileIsWaitedFor() throws Exception {
        write(file, app("one"));
        start(SHORT);

        write(file, "apps: [{id: a, secretKeys: [{id: k, secretFile: late}]}]");
        assertThat(lines.next()).startsWith("ERROR").contains("there is no such file");

        write(folder.resolve("late"), "late-0123456789abcdef0123456789abcdef");
        assertThat(next().apps().getFirst().secretKeys()).hasSize(1);
    }

    @Test
    void aHalfWrittenFileDoesNoHarm() throws Exception {
        String whole = app("one") + "limits: {burst: 7}\nkeepalive: {ping: 30s}\n";
        write(file, whole);
        start(SHORT);

        String next = app("two") + "limits: {burst: 7}\nkeepalive: {ping: 30s}\n";
        for (int end = 1; end < next.length(); end++) {
            write(file, next.substring(0, end));
        }
        write(file, next);

        ServerSettings settings = next();
        while (!settings.listeners().keepalive().ping().equals(Duration.ofSeconds(30))) {
            settings = next(); // a part that means something was taken for the whole
        }
        assertThat(settings.apps().getFirst().publishableKeys().getFirst().id()).isEqualTo("two");
    }

    @Test
    void onRequestItReadsAtOnceAndSaysIfNothingIsNew() throws Exception {
        write(file, app("one"));
        ConfigurationReloader requested = start(NEVER);

        requested.now();
        assertThat(lines.next()).isEqualTo("INFO the configuration was read again: nothing new");

        write(file, app("two"));
        requested.now();
        assertThat(changed()).isEqualTo("two");
    }

    @Test
    void whatNeedsARestartIsNamedUntilItIsAsAtTheStart() throws Exception {
        write(file, app("one"));
        ConfigurationReloader requested = start(NEVER);

        write(file, app("one") + "listen: localhost:1\nlimits: {burst: 7}\n");
        requested.now();
        assertThat(lines.next())
                .isEqualTo("WARN the configuration changed in what needs a restart: listen, limits.burst");
        assertThat(lines.next()).isEqualTo("INFO the configuration was read again: apps as before");

        write(file, app("one"));
        requested.now();
        assertThat(lines.next()).isEqualTo("INFO the configuration was read again: apps as before");
    }

    private ConfigurationReloader start(Duration interval) throws SettingException {
        ConfigurationReader reader = new ConfigurationReader(new ConfigurationSources(
                Optional.of(file), Map.of(), Optional.empty(), Optional.empty(), new Secret("development")));
        LoadedConfiguration configuration = reader.read();
        ConfigurationReloader started =
                ConfigurationReloader.start(reader, configuration, changes::add, ServerObserver.NONE, interval);
        reloading = Optional.of(started);
        return started;
    }

    private ServerSettings next() throws InterruptedException {
        ServerSettings settings = changes.poll(20, TimeUnit.SECONDS);
        assertThat(settings).as("changed settings").isNotNull();
        return settings;
    }

    private String changed() throws InterruptedException {
        return next().apps().getFirst().publishableKeys().getFirst().id();
    }

    private static String app(String key) {
        return "apps: [{id: a, publishableKeys: [{id: " + key + ", channels: [\"**\"], actions: [send]}]}]\n";
    }

    private static void write(Path path, String text) throws IOException {
        Files.writeString(path, text);
    }

    private void replace(Path path, String text) throws IOException {
        Path other = Files.writeString(folder.resolve("other"), text);
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What is logged, with its level. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }

        String next() throws InterruptedException {
            String line = lines.poll(20, TimeUnit.SECONDS);
            assertThat(line).as("a line of the log").isNotNull();
            return line;
        }
    }
}
