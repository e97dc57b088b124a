// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AppSettings;
import dev.parley.config.HostPort;
import dev.parley.config.Insecurity;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads settings: a flag wins over the environment, that over the file, that over the default. For one thread. */
public final class ConfigurationReader {

    private static final String CONFIG = "PARLEY_CONFIG";

    private final Sources sources;
    private final Map<Path, Stamp> files = new HashMap<>();

    /** Reads from these. */
    public ConfigurationReader(Sources sources) {
        this.sources = sources;
    }

    /**
     * Reads everything anew.
     *
     * @throws SettingException for the first thing that is wrong, with its place
     */
    public Configuration read() throws SettingException {
        files.clear();
        if (isUntouched()) {
            Settings settings = Settings.development(sources.listen(), sources.admin(), sources.developmentSecret());
            return new Configuration(settings, List.of(), Map.of(), List.of(), Optional.empty());
        }
        return readWritten();
    }

    /** The files the last reading needed, also those it could not read, each as it was just before it was read. */
    public Map<Path, Stamp> files() {
        return Map.copyOf(files);
    }

    /** Whether nothing was written anywhere: then the classes that read it need not be loaded, which takes time. */
    private boolean isUntouched() {
        return sources.file().isEmpty()
                && sources.environment().entrySet().stream()
                        .noneMatch(variable -> variable.getKey().startsWith("PARLEY_")
                                && !variable.getValue().isEmpty());
    }

    private Configuration readWritten() throws SettingException {
        Folder here = new Folder(Path.of(""), files);
        Environment environment = new Environment(variables(), here);
        Optional<Path> file = file();
        Values values = file.isPresent() ? ofFile(file.get()) : new Values(new Place(here, "", 0, ""), Settable.SHAPE);
        environment.putInto(values);
        boolean isDevelopment = file.isEmpty() && values.rows(Settable.APPS).isEmpty();
        put(values, Settable.LISTEN, sources.listen(), Place.outside(here, "--listen"));
        put(values, Settable.ADMIN, sources.admin(), Place.outside(here, "--admin"));
        values.complete(values.find(Settable.PROFILE).equals(Optional.of(Settable.Profile.STRICT)), isDevelopment);
        Settings settings = settings(values, isDevelopment);
        List<String> warnings = new ArrayList<>(environment.warnings());
        if (!isDevelopment) {
            for (Insecurity insecurity : Insecurity.of(settings)) {
                List<String> sentences = insecurity == Insecurity.KEY_OF_ANY_ORIGIN
                        ? Apps.keysOfAnyOrigin(values)
                        : List.of(insecurity.sentence());
                sentences.forEach(sentence -> warnings.add("not safe everywhere: " + sentence));
            }
        }
        settings.tls().flatMap(tls -> tls.fault(Instant.now())).ifPresent(fault -> warnings.add("tls: " + fault));
        Optional<Path> stateFolder = isDevelopment
                ? Optional.empty()
                : values.find(Settable.STATE_FOLDER).or(() -> file.map(ConfigurationReader::folder));
        return new Configuration(settings, Masked.lines(values), outsideApps(values), warnings, stateFolder);
    }

    /** The environment without what a flag overrides: nobody reads that, so it need not be right. */
    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(sources.environment());
        sources.listen().flatMap(flag -> Settable.LISTEN.variable()).ifPresent(variables::remove);
        sources.admin().flatMap(flag -> Settable.ADMIN.variable()).ifPresent(variables::remove);
        return variables;
    }

    private Optional<Path> file() throws SettingException {
        String variable = sources.environment().getOrDefault(CONFIG, "");
        try {
            return sources.file().isPresent() || variable.isEmpty() ? sources.file() : Optional.of(Path.of(variable));
        } catch (InvalidPathException e) {
            throw new SettingException(CONFIG + ": must be the name of a file");
        }
    }

    private Values ofFile(Path file) throws SettingException {
        Folder folder = new Folder(folder(file), files);
        Place start = new Place(folder, file.toString(), 1, "");
        return new Binder(Settable.SHAPE).bind(YamlFile.read(start, text(file)), start);
    }

    /** The folder that the file is in. */
    private static Path folder(Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private String text(Path file) throws SettingException {
        try {
            return new Folder(Path.of(""), files).text(file.toString());
        } catch (SettingException e) {
            String variable = sources.file().isPresent() ? "" : CONFIG + ": ";
            throw new SettingException(Shown.line(variable + file + ": " + e.getMessage()));
        }
    }

    private static void put(Values values, Key<HostPort> key, Optional<HostPort> flag, Place place)
            throws SettingException {
        if (flag.isPresent()) {
            values.put(key, key.kind().written(flag.get().toString()), place);
        }
    }

    private Settings settings(Values values, boolean isDevelopment) throws SettingException {
        if (!isDevelopment) {
            List<AppSettings> apps = new Apps().read(values);
            return Assembly.of(values, Settings.Mode.CONFIGURED, apps);
        }
        Settings open = Settings.development(
                values.find(Settable.LISTEN), values.find(Settable.ADMIN), sources.developmentSecret());
        return Assembly.of(values, Settings.Mode.DEVELOPMENT, open.apps());
    }

    private static Map<String, Object> outsideApps(Values values) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (Key<?> key : Settable.SHAPE.keys()) {
            values.find(key)
                    .ifPresent(value -> found.put(key.path(), value instanceof Named<?> file ? file.name() : value));
        }
        return found;
    }
}
