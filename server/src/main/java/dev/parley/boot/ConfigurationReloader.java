// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.FileStamp;
import dev.parley.config.file.LoadedConfiguration;
import dev.parley.core.port.ServerObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again when one of its files changes, or when told. What is wrong is logged and changes
 * nothing. Everything happens on one thread of its own.
 */
public final class ConfigurationReloader implements AutoCloseable {

    /**
     * Time between two looks at the files. The second look after a change reads it: within 1 s, of the 2 s that
     * docs/configuration.md promises. The rest is for reading, and for a busy machine.
     */
    public static final Duration INTERVAL = Duration.ofMillis(500);

    /** How the paths of settings begin that name the files of the certificate. */
    private static final String TLS = "tls.";

    private static final Logger log = LoggerFactory.getLogger(ConfigurationReloader.class);

    private final ConfigurationReader reader;
    private final LoadedConfiguration started;
    private final Consumer<ServerSettings> changed;
    private final ServerObserver observer;
    private final Set<Path> files;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("configuration").unstarted(task));
    private ServerSettings current;
    private Map<Path, FileStamp> read;
    private Map<Path, FileStamp> noticed;
    private @Nullable String problem;

    private ConfigurationReloader(
            ConfigurationReader reader,
            LoadedConfiguration started,
            Consumer<ServerSettings> changed,
            ServerObserver observer) {
        this.reader = reader;
        this.started = started;
        this.changed = changed;
        this.observer = observer;
        this.current = started.settings();
        this.read = reader.files();
        this.noticed = read;
        this.files = new HashSet<>(read.keySet());
    }

    /**
     * Looks at the files that were read, from now on.
     *
     * @param reader what read them
     * @param started what it read
     * @param changed told the new settings whenever they differ from the last
     * @param observer counts the outcome of each reload
     * @param interval between two looks
     */
    public static ConfigurationReloader start(
            ConfigurationReader reader,
            LoadedConfiguration started,
            Consumer<ServerSettings> changed,
            ServerObserver observer,
            Duration interval) {
        ConfigurationReloader reloading = new ConfigurationReloader(reader, started, changed, observer);
        reloading.thread.scheduleWithFixedDelay(
                reloading::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return reloading;
    }

    /** Reads on SIGHUP too, where there is such a signal. */
    public void onHangUp() {
        ProcessSignals.on("HUP", this::now);
    }

    /** Reads soon, whether or not a file has changed. */
    public void now() {
        thread.execute(() -> {
            problem = null;
            reread();
        });
    }

    /** Nothing is read or told any more when this returns. */
    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }

    /**
     * Reads what changed once it stands still, so that hardly ever half a file is read. After a failure it tries again.
     */
    private void look() {
        Map<Path, FileStamp> seen = stamps();
        if (seen.equals(read)) {
            noticed = seen;
        } else if (seen.equals(noticed)) {
            reread();
        } else {
            noticed = seen;
        }
    }

    private void reread() {
        try {
            LoadedConfiguration configuration = reader.read();
            read = reader.files(); // as they were before they were read: a change meanwhile is one
            noticed = read;
            files.clear();
            files.addAll(read.keySet());
            problem = null;
            take(configuration);
            observer.configurationRead(true);
        } catch (SettingException e) {
            files.addAll(reader.files().keySet());
            complain(String.join("; ", e.lines()));
        } catch (RuntimeException e) {
            observer.configurationRead(false);
            log.error("the configuration was not read again", e);
        }
    }

    private void take(LoadedConfiguration configuration) {
        List<String> others = configuration.changedOutsideApps(started);
        if (!others.isEmpty()) {
            log.warn("the configuration changed in what needs a restart: {}", String.join(", ", others));
        }
        boolean isOtherTls = others.stream().anyMatch(path -> path.startsWith(TLS));
        ServerSettings settings = isOtherTls
                ? configuration.settings().withTls(current.listeners().tls())
                : configuration.settings();
        if (settings.equals(current)) {
            log.info("the configuration was read again: nothing new");
            return;
        }
        boolean isAboutApps = !settings.apps().equals(current.apps());
        boolean isAboutIceServers =
                !settings.services().iceServers().equals(current.services().iceServers());
        boolean isAboutTls =
                !settings.listeners().tls().equals(current.listeners().tls());
        changed.accept(settings);
        current = settings;
        log.info(
                "the configuration was read again: {}{}{}",
                isAboutApps ? "apps changed" : "apps as before",
                isAboutIceServers ? ", other ICE servers" : "",
                isAboutTls ? ", another certificate" : "");
        if (isAboutApps) {
            PageKeyCheck.warnings(settings).forEach(log::warn);
        }
        if (isAboutTls) {
            settings.listeners()
                    .tls()
                    .flatMap(tls -> tls.fault(Instant.now()))
                    .ifPresent(fault -> log.warn("tls: {}", fault));
        }
    }

    /** Logs a problem, but not the same one again. */
    private void complain(String line) {
        if (!line.equals(problem)) {
            observer.configurationRead(false);
            log.error("the configuration was not read again, the old one stays: {}", line);
        }
        problem = line;
    }

    private Map<Path, FileStamp> stamps() {
        Map<Path, FileStamp> stamps = new HashMap<>();
        files.forEach(file -> stamps.put(file, FileStamp.of(file)));
        return stamps;
    }
}
