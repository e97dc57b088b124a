// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static java.util.Objects.requireNonNull;

import dev.parley.config.AppSettings;
import dev.parley.config.HostPort;
import dev.parley.config.InsecureSetting;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
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

    private final ConfigurationSources sources;
    private final Map<Path, FileStamp> files = new HashMap<>();

    /** Reads from these. */
    public ConfigurationReader(ConfigurationSources sources) {
        this.sources = sources;
    }

    /**
     * Reads everything anew.
     *
     * @throws SettingException if anything is wrong, with a line for each fault and its place; what depends on a value
     *     that cannot be used is not checked
     */
    public LoadedConfiguration read() throws SettingException {
        files.clear();
        if (isUntouched()) {
            ServerSettings settings =
                    ServerSettings.development(sources.listen(), sources.admin(), sources.developmentSecret());
            return new LoadedConfiguration(settings, List.of(), Map.of(), List.of(), Optional.empty());
        }
        return readWritten();
    }

    /** The files the last reading needed, also those it could not read, each as it was just before it was read. */
    public Map<Path, FileStamp> files() {
        return Map.copyOf(files);
    }

    /** Whether nothing was written anywhere: then the classes that read it need not be loaded, which takes time. */
    private boolean isUntouched() {
        return sources.file().isEmpty()
                && sources.environment().entrySet().stream()
                        .noneMatch(variable -> variable.getKey().startsWith("PARLEY_")
                                && !variable.getValue().isEmpty());
    }

    private LoadedConfiguration readWritten() throws SettingException {
        BaseFolder here = new BaseFolder(Path.of(""), files);
        EnvironmentVariables environment = new EnvironmentVariables(variables(), here);
        Optional<Path> file = file();
        SettingFaults faults = new SettingFaults();
        SectionValues values = file.isPresent()
                ? ofFile(file.get(), faults)
                : new SectionValues(new SourceLocation(here, "", 0, ""), SettingCatalog.SHAPE);
        environment.putInto(values, faults);
        boolean isDevelopment = file.isEmpty() && values.rows(AppSection.ROWS).isEmpty();
        put(values, ListenSection.LISTEN, sources.listen(), SourceLocation.outside(here, "--listen"));
        put(values, ListenSection.ADMIN, sources.admin(), SourceLocation.outside(here, "--admin"));
        boolean isStrict = Boolean.TRUE.equals(faults.part(() -> LimitSection.isStrict(values)));
        values.complete(isStrict, isDevelopment, faults);
        ServerSettings settings = faults.part(() -> settings(values, isDevelopment, faults));
        faults.throwIfAny();
        requireNonNull(settings);
        List<String> warnings = new ArrayList<>(environment.warnings());
        if (!isDevelopment) {
            for (InsecureSetting insecurity : InsecureSetting.of(settings)) {
                List<String> sentences = insecurity == InsecureSetting.KEY_OF_ANY_ORIGIN
                        ? AppSection.keysOfAnyOrigin(values)
                        : List.of(insecurity.sentence());
                sentences.forEach(sentence -> warnings.add("not safe everywhere: " + sentence));
            }
        }
        settings.listeners()
                .tls()
                .flatMap(tls -> tls.fault(Instant.now()))
                .ifPresent(fault -> warnings.add("tls: " + fault));
        Optional<Path> stateFolder = isDevelopment
                ? Optional.empty()
                : values.find(ContinuitySection.STATE_FOLDER).or(() -> file.map(ConfigurationReader::folder));
        return new LoadedConfiguration(
                settings, MaskedConfiguration.lines(values), outsideApps(values), warnings, stateFolder);
    }

    /** The environment without what a flag overrides: nobody reads that, so it need not be right. */
    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(sources.environment());
        sources.listen().flatMap(flag -> ListenSection.LISTEN.variable()).ifPresent(variables::remove);
        sources.admin().flatMap(flag -> ListenSection.ADMIN.variable()).ifPresent(variables::remove);
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

    private SectionValues ofFile(Path file, SettingFaults faults) throws SettingException {
        BaseFolder folder = new BaseFolder(folder(file), files);
        SourceLocation start = new SourceLocation(folder, file.toString(), 1, "");
        return new ConfigurationBinder(SettingCatalog.SHAPE, faults).bind(YamlFile.read(start, text(file)), start);
    }

    /** Returns the folder of the file. */
    private static Path folder(Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private String text(Path file) throws SettingException {
        try {
            return new BaseFolder(Path.of(""), files).text(file.toString());
        } catch (SettingException e) {
            String variable = sources.file().isPresent() ? "" : CONFIG + ": ";
            throw new SettingException(QuotedInput.line(variable + file + ": " + e.getMessage()));
        }
    }

    private static void put(
            SectionValues values, SettingKey<HostPort> key, Optional<HostPort> flag, SourceLocation place)
            throws SettingException {
        if (flag.isPresent()) {
            values.put(key, key.kind().written(flag.get().toString()), place);
        }
    }

    private ServerSettings settings(SectionValues values, boolean isDevelopment, SettingFaults faults)
            throws SettingException {
        if (!isDevelopment) {
            List<AppSettings> apps = faults.part(() -> AppSection.read(values));
            ServerSettings settings = SettingsAssembly.of(values, ServerSettings.Mode.CONFIGURED, apps);
            if (!faults.isAny()) {
                AppSection.checkKeys(values, settings.apps());
            }
            return settings;
        }
        ServerSettings open = ServerSettings.development(
                values.find(ListenSection.LISTEN), values.find(ListenSection.ADMIN), sources.developmentSecret());
        return SettingsAssembly.of(values, ServerSettings.Mode.DEVELOPMENT, open.apps());
    }

    private static Map<String, Object> outsideApps(SectionValues values) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (SettingKey<?> key : SettingCatalog.SHAPE.keys()) {
            values.find(key)
                    .ifPresent(value ->
                            found.put(key.path(), value instanceof NamedContent<?> file ? file.name() : value));
        }
        return found;
    }
}
