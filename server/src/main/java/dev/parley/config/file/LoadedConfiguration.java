// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.ServerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was read.
 *
 * @param settings what it means
 * @param lines all of it as YAML, with defaults and without secrets; empty if nothing was written anywhere
 * @param outsideApps the value of every setting that holds for all apps, by its path
 * @param warnings what was ignored, a line each
 * @param stateFolder where the server keeps what outlives the process; empty for nowhere
 */
public record LoadedConfiguration(
        ServerSettings settings,
        List<String> lines,
        Map<String, Object> outsideApps,
        List<String> warnings,
        Optional<Path> stateFolder) {

    /** Keeps copies of the lists. */
    public LoadedConfiguration {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /** The settings that hold for all apps and are not what they were. */
    public List<String> changedOutsideApps(LoadedConfiguration before) {
        return SettingCatalog.SHAPE.keys().stream()
                .map(SettingKey::path)
                .filter(path -> !Objects.equals(outsideApps.get(path), before.outsideApps.get(path)))
                .toList();
    }
}
