// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.config.file.Configuration;
import dev.parley.config.file.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again when one of its files changes, or when told. What is wrong is logged and changes nothing.
 * Everything happens on one thread of its own.
 */
public final class Reloading implements AutoCloseable {

    /** Between two looks at the files. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Reloading.class);

    private final ConfigurationReader reader;
    private final Configuration started;
    private final Consumer<Settings> changed;
    private final Set<Path> files;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("configuration").unstarted(task));
    private Settings current;
    private Map<Path, State> read;
    private Map<Path, State> noticed;
    private @Nullable String problem;

    private Reloading(ConfigurationReader reader, Configuration started, Consumer<Settings> changed) {
        this.reader = reader;
        this.started = started;
        this.changed = changed;
        this.current = started.settings();
        this.files = new HashSet<>(reader.files());
        this.read = states();
        this.noticed = read;
    }

    /**
     * Looks at the files that were read, from now on.
     *
     * @param reader what read them
     * @param started what it read
     * @param changed told the new settings whenever they differ from the last
     * @param interval between two looks
     */
    public static Reloading start(
            ConfigurationReader reader, Configuration started, Consumer<Settings> changed, Duration interval) {
        Reloading reloading = new Reloading(reader, started, changed);
        reloading.thread.scheduleWithFixedDelay(
                reloading::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return reloading;
    }

    /** Reads on SIGHUP too, where there is such a signal. */
    public void onHangUp() {
        HangUp.run(this::now);
    }

    /** Reads soon, whether or not a file has changed. */
    public void now() {
        thread.execute(() -> {
            problem = null;
            reread(states());
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Reads what changed once it stands still, so that hardly ever half a file is read. After a failure it tries again. */
    private void look() {
        Map<Path, State> seen = states();
        if (seen.equals(read)) {
            noticed = seen;
        } else if (seen.equals(noticed)) {
            reread(seen);
        } else {
            noticed = seen;
        }
    }

    private void reread(Map<Path, State> seen) {
        try {
            Configuration configuration = reader.read();
            files.clear();
            files.addAll(reader.files());
            // A file that was not looked at before is taken as it is now.
            read = new HashMap<>(states());
            read.putAll(seen);
            read.keySet().retainAll(files);
            noticed = read;
            problem = null;
            take(configuration);
        } catch (SettingException e) {
            files.addAll(reader.files());
            complain(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("the configuration was not read again", e);
        }
    }

    private void take(Configuration configuration) {
        List<String> others = configuration.changedOutsideApps(started);
        if (!others.isEmpty()) {
            log.warn("the configuration changed in what needs a restart: {}", String.join(", ", others));
        }
        Settings settings = configuration.settings();
        if (settings.equals(current)) {
            log.info("the configuration was read again: nothing new");
            return;
        }
        boolean isAboutApps = !settings.apps().equals(current.apps());
        current = settings;
        changed.accept(settings);
        log.info("the configuration was read again: {}", isAboutApps ? "apps changed" : "apps as before");
    }

    /** The same problem is told once. */
    private void complain(String line) {
        if (!line.equals(problem)) {
            log.error("the configuration was not read again, the old one stays: {}", line);
        }
        problem = line;
    }

    private Map<Path, State> states() {
        Map<Path, State> states = new HashMap<>();
        files.forEach(file -> states.put(file, State.of(file)));
        return states;
    }

    /**
     * What tells one content of a file from another.
     *
     * @param changed when it was written
     * @param size in bytes
     * @param identity of the file a name or a link stands for
     */
    private record State(FileTime changed, long size, String identity) {

        private static final State NONE = new State(FileTime.fromMillis(0), -1, "");

        static State of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new State(
                        attributes.lastModifiedTime(), attributes.size(), Objects.toString(attributes.fileKey()));
            } catch (IOException e) {
                return NONE;
            }
        }
    }
}
